using System.Text;

namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>A file with a line for each thing that an instance did; handed to the operating system at once, so that a kill loses none of them.</summary>
public sealed class InstanceLog(string path) : IDisposable
{
    /// <summary>An event was given to a handler.</summary>
    public const string Handled = "handled";

    /// <summary>The inbox said that an event is completed by this instance.</summary>
    public const string Completed = "completed";

    /// <summary>The inbox said that an event is another's by now.</summary>
    public const string Refused = "refused";

    /// <summary>The inbox has stored events of the journal, up to this position.</summary>
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
