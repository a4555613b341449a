using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace AssetCompute.Emulator;

/// <summary>Notifies open pages of the sections that are out of date, and combines several changes into one message.</summary>
internal sealed class LiveUpdates
{
    private readonly ConcurrentDictionary<string, int> _versions = [];
    private TaskCompletionSource _changed = New();

    public LiveUpdates(EmulatorParts parts)
    {
        parts.Calls.Changed += _ => Tell("calls");
        parts.Jobs.Changed += _ => Tell("jobs");
        parts.Jobs.History.Forgot += _ => Tell("jobs");
        parts.Registrations.Appended += (_, _) => Tell("events");
        parts.Aem.Changed += () => Tell("aem");
        parts.Aem.Registrations.Changed += () => Tell("aem");
        parts.Faults.Changed += () => Tell("faults");
    }

    /// <summary>Returns the names of changed sections, until cancelled.</summary>
    public async IAsyncEnumerable<string> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = _versions.ToArray();
        while (true)
        {
            // A change after this line completes the task that is awaited.
            var changed = Volatile.Read(ref _changed).Task;
            var versions = _versions.ToArray();
            if (versions.Except(seen).Select(section => section.Key).ToArray() is { Length: > 0 } sections)
            {
                seen = versions;
                yield return string.Join(' ', sections);
            }
            else
            {
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Tell(string section)
    {
        _versions.AddOrUpdate(section, 1, static (_, version) => version + 1);
        Interlocked.Exchange(ref _changed, New()).SetResult();
    }
}
