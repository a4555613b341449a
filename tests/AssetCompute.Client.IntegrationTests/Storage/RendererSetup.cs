using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>A renderer with a folder for its files and an emulator that returns the same 70 bytes for each rendition.</summary>
internal sealed class RendererSetup : IAsyncDisposable
{
    public const int RenditionBytes = 70;

    private readonly EmulatedAccount _account;
    private readonly EmulatorAssetStorage _emulated;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asset-compute-renderer-");

    private RendererSetup(EmulatedAccount account)
    {
        _account = account;
        _emulated = new EmulatorAssetStorage(account.Emulator.Endpoint);
        Storage = new TamperedStorage(_emulated);
        Jobs = new TamperedJobs(account.Client.Jobs);
    }

    public ShiftedClock Clock { get; private init; } = null!;

    public TamperedStorage Storage { get; }

    public TamperedJobs Jobs { get; }

    public AssetRenderer Renderer { get; private set; } = null!;

    public AssetComputeEmulator Emulator => _account.Emulator;

    public string[] Files => [.. _folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.FullName, file.FullName)).Order(StringComparer.Ordinal)];

    public static async Task<RendererSetup> StartAsync()
    {
        ShiftedClock clock = new();
        EmulatedAccount account = await EmulatedAccount.StartAsync(options =>
        {
            options.Rendering.Mode = EmulatorRenderingMode.None;
            options.TimeProvider = clock;
        });
        RendererSetup setup = new(account) { Clock = clock };
        setup.Renderer = new AssetRenderer(setup.Jobs, setup.Storage, timeProvider: clock);
        return setup;
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public async Task<RenderResult> RenderAsync(FileRendition[] renditions, RenderOptions? options = null, CancellationTokenSource? cancelled = null)
    {
        using MemoryStream source = new([1, 2, 3]);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancelled?.Token ?? default, TestContext.Current.CancellationToken);
        return await Renderer.RenderAsync(source, "photo.jpg", renditions, options, either.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _emulated.Dispose();
        await _account.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
