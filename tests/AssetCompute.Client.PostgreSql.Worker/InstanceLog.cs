using System.Text;

namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>
/// A log file with one line for each action of an instance. Each line is passed to the operating system immediately, so that a kill loses none of them.
/// </summary>
public sealed class InstanceLog(string path) : IDisposable
{
    /// <summary>A handler received an event.</summary>
    public const string Handled = "handled";

    /// <summary>The inbox confirmed that this instance completed an event.</summary>
    public const string Completed = "completed";

    /// <summary>The inbox reported that another worker owns an event.</summary>
    public const string Refused = "refused";

    /// <summary>The inbox stored events of the journal, up to this position.</summary>
    public const string Stored = "stored";

    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);

    public void Add(string what, string to)
    {
        lock (_lock)
        {
            _file.Write(Encoding.UTF8.GetBytes($"{what} {to}\n"));
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();
}
