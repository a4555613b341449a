using AssetCompute.Client.Workers;

namespace AssetCompute.Client.Journal.Worker;

/// <summary>Logs each position that it handles.</summary>
internal sealed class LoggingHandler(LineLog log) : IJournalHandler
{
    public async ValueTask HandleAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        await Task.Yield();
        log.Add(entry.Position.Value!);
    }
}
