using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>A journal that does what a test has laid down, in order, and has nothing new after that.</summary>
internal sealed class ScriptedReader(TimeProvider timeProvider) : IJournalReader
{
    private readonly List<object> _steps = [];
    private readonly List<JournalPosition> _starts = [];
    private int _next;

    /// <summary>Where readings have started.</summary>
    public IReadOnlyList<JournalPosition> Starts
    {
        get
        {
            lock (_starts)
            {
                return [.. _starts];
            }
        }
    }

    /// <summary>Whether each reading begins the script again, as a journal does for one position.</summary>
    public bool Repeats { get; set; }

    public static string Position(int index) => string.Create(CultureInfo.InvariantCulture, $"rabbit:{index:x8}");

    public static JournalPosition At(int index) => JournalPosition.After(Position(index));

    public static string Event(int index) => $$"""{"type":"rendition_created","requestId":"request-{{index}}"}""";

    public ScriptedReader Page(int first, int count) =>
        Add(Enumerable.Range(first, count).Select(index => new JournalEntry(At(index), Encoding.UTF8.GetBytes(Event(index)))).ToArray());

    public ScriptedReader Entry(string position, string json) => Add(new[] { new JournalEntry(JournalPosition.After(position), Encoding.UTF8.GetBytes(json)) });

    public ScriptedReader Skipped(int index) => Add(new JournalEventSkipped { Position = At(index), Entry = new JournalEntry(At(index), default), Reason = "It is too large." });

    public ScriptedReader CaughtUp(int index) => Add(new JournalCaughtUp { Position = At(index) });

    public ScriptedReader Fails() => Add(new JournalException("The journal has failed too often."));

    public ScriptedReader Expired() => Add("expired");

    public async IAsyncEnumerable<JournalEntry> ReadAsync(JournalPosition start = default, JournalReadOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        lock (_starts)
        {
            _starts.Add(start);
        }

        int next = Repeats ? 0 : _next;
        JournalPosition position = start;
        for (; next < _steps.Count; next++)
        {
            _next = next + 1;
            await Task.Yield();
            switch (_steps[next])
            {
                case JournalEntry[] page:
                    foreach (JournalEntry entry in page)
                    {
                        position = entry.Position;
                        yield return entry;
                        cancellationToken.ThrowIfCancellationRequested();
                    }

                    break;
                case JournalNotice notice:
                    position = notice.Position;
                    options!.OnNotice!(notice);
                    break;
                case Exception exception:
                    throw exception;
                default:
                    if (options!.OnExpired != ExpiredPositionPolicy.Oldest)
                    {
                        throw new JournalException("The position has expired.") { Position = position, PositionIsLost = true };
                    }

                    options.OnNotice!(new JournalGap { Position = JournalPosition.Oldest, Expired = position });
                    break;
            }
        }

        while (true)
        {
            options!.OnNotice!(new JournalCaughtUp { Position = position });
            await Task.Delay(TimeSpan.FromSeconds(2), timeProvider, cancellationToken);
        }
    }

    private ScriptedReader Add(object step)
    {
        _steps.Add(step);
        return this;
    }
}
