using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>A destination that throws the specified exceptions, one per call, and then accepts all files.</summary>
internal sealed class ScriptedDestination(params Exception[] script) : IExportDestination
{
    private readonly Queue<Exception> _script = new(script);
    private int _running;

    public Dictionary<string, byte[]> Items { get; } = [];

    public int Calls { get; private set; }

    public int MostAtOnce { get; private set; }

    /// <summary>A task that calls wait for, or null to continue without waiting.</summary>
    public Task? Gate { get; set; }

    public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        lock (_script)
        {
            Calls++;
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
        }

        try
        {
            if (Gate is { } gate)
            {
                await gate.WaitAsync(cancellationToken);
            }

            await using Stream content = await item.OpenReadAsync(cancellationToken);
            using MemoryStream bytes = new();
            await content.CopyToAsync(bytes, cancellationToken);
            lock (_script)
            {
                if (_script.TryDequeue(out Exception? exception))
                {
                    throw exception;
                }

                Items[item.Name] = bytes.ToArray();
            }

            return new ExportReceipt(item.Name);
        }
        finally
        {
            lock (_script)
            {
                _running--;
            }
        }
    }

    public Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken)
    {
        lock (_script)
        {
            return Task.FromResult(Items.TryGetValue(name, out byte[]? bytes) ? new StoredExport(bytes.Length) : null);
        }
    }
}
