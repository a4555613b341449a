using AssetCompute.Client;
using AssetCompute.Emulator;

namespace FolderRenditions;

/// <summary>The client and its storage, and an emulator for the duration of the run if no service is specified.</summary>
internal sealed class RenditionService : IAsyncDisposable
{
    private readonly AssetComputeEmulator? _emulator;
    private readonly AssetComputeClient _client;
    private readonly EmulatorAssetStorage _storage;

    private RenditionService(AssetComputeEmulator? emulator, Uri endpoint)
    {
        _emulator = emulator;
        _client = AssetComputeClient.Create(options =>
        {
            // With a real account, set only options.CredentialsFile instead.
            options.UseEmulator(endpoint);
            options.Journal.PollInterval = TimeSpan.FromMilliseconds(200);
            options.Journal.MaxPollInterval = TimeSpan.FromSeconds(1);
        });

        // With a real account, use the storage for Amazon S3 or Azure Blobs, from the package with that name.
        _storage = new EmulatorAssetStorage(endpoint);
        Renderer = new AssetRenderer(_client.Jobs, _storage);
    }

    public IAssetRenderer Renderer { get; }

    public static async Task<RenditionService> StartAsync(Uri? emulator, CancellationToken cancellationToken)
    {
        if (emulator is not null)
        {
            return new RenditionService(null, emulator);
        }

        AssetComputeEmulator started = await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.Zero, cancellationToken);
        return new RenditionService(started, started.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _storage.Dispose();
        if (_emulator is not null)
        {
            await _emulator.DisposeAsync();
        }
    }
}
