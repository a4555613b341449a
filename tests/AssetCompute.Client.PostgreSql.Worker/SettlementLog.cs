using System.Text;

namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>A file with a line for each thing that was done; handed to the operating system at once, so that a kill loses none of them.</summary>
public sealed class SettlementLog(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);

    /// <summary>An event was given to a worker.</summary>
    public const string Taken = "taken";

    /// <summary>The inbox said that a worker has completed an event.</summary>
    public const string Completed = "completed";

    /// <summary>The inbox said that the event is another worker's by now.</summary>
    public const string Refused = "refused";

    /// <summary>A page of the journal was stored, from this number on.</summary>
    public const string Stored = "stored";

    public void Add(string what, string id)
    {
        lock (_lock)
        {
            _file.Write(Encoding.UTF8.GetBytes($"{what} {id}\n"));
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();
}
