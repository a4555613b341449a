using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests;

/// <summary>An emulator on a free port and a client that is connected to it.</summary>
internal sealed class EmulatedAccount : IAsyncDisposable
{
    private EmulatedAccount(AssetComputeEmulator emulator, AssetComputeClient client)
    {
        Emulator = emulator;
        Client = client;
    }

    public AssetComputeEmulator Emulator { get; }

    public AssetComputeClient Client { get; }

    public static async Task<EmulatedAccount> StartAsync(
        Action<AssetComputeEmulatorOptions>? configureEmulator = null,
        Action<AssetComputeOptions>? configureClient = null)
    {
        AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Journal.RetryAfter = TimeSpan.Zero;
                configureEmulator?.Invoke(options);
            },
            TestContext.Current.CancellationToken);
        return new EmulatedAccount(emulator, CreateClient(emulator, configureClient));
    }

    public static AssetComputeClient CreateClient(AssetComputeEmulator emulator, Action<AssetComputeOptions>? configure = null) =>
        AssetComputeClient.Create(options =>
        {
            Configure(emulator, options);
            configure?.Invoke(options);
        });

    /// <summary>Configures options for the emulator, with short delays for tests.</summary>
    public void Configure(AssetComputeOptions options) => Configure(Emulator, options);

    /// <summary>Creates a request for small PNG files whose names consist of the prefix and a number.</summary>
    public ProcessRequest Request(string prefix, int renditions) => new()
    {
        Source = Emulator.Storage.CreateReadUrl("source.png"),
        Renditions =
        [
            .. Enumerable.Range(0, renditions).Select(i => $"{prefix}-{i}.png").Select(name => new Rendition
            {
                Name = name,
                Format = RenditionFormat.Png,
                Width = 10,
                Target = Emulator.Storage.CreateWriteUrl(name),
            }),
        ],
    };

    /// <summary>Creates requests for three small PNG files each.</summary>
    public IAsyncEnumerable<ProcessRequest> Requests(int count) => Enumerable.Range(0, count).Select(i => Request($"{i}", 3)).ToAsyncEnumerable();

    private static void Configure(AssetComputeEmulator emulator, AssetComputeOptions options)
    {
        options.UseEmulator(emulator.Endpoint);
        options.Journal.PollInterval = TimeSpan.FromMilliseconds(20);
        options.Journal.MaxPollInterval = TimeSpan.FromMilliseconds(100);
        options.Journal.RetryDelay = TimeSpan.FromMilliseconds(5);
        options.Journal.MaxRetryDelay = TimeSpan.FromMilliseconds(50);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Emulator.DisposeAsync();
    }
}
