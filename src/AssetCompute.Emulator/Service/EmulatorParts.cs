using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The components of an emulator, created in one place. The endpoints use them.</summary>
internal sealed class EmulatorParts : IAsyncDisposable
{
    private readonly HttpClient _http = NewHttpClient();
    private readonly RenderWorkerPool _renderWorkers;
    private readonly StateLog _state;

    public EmulatorParts(AssetComputeEmulatorOptions options, StateLog state, Func<Uri> origin, Func<Uri?> httpsOrigin)
    {
        _state = state;
        var clock = options.TimeProvider;
        Clients = new ClientDirectory(options.Clients.Count > 0 ? options.Clients : [EmulatorClient.WellKnown], PageClient);
        Origin = origin;
        var keys = options.DataFolder is { } folder ? EmulatorKeys.In(folder) : EmulatorKeys.New();
        Options = options;
        Blobs = BlobsIn("blobs", options);
        var originals = BlobsIn("aem", options);
        Tokens = new(keys.Tokens, clock, state);
        Signer = new(keys.Urls, clock);
        Policy = new(options.AllowedHosts, Signer, origin);

        Calls = new(options.CallCapacity);
        Faults = new(clock, options.Spelling);
        Faults.TokensRevoked += Tokens.RevokeAll;
        Storage = new(Blobs, Signer, options, origin);
        Registrations = new(options, Faults.Journal, keys.Positions, state);

        _renderWorkers = new(options.Rendering);
        var downloader = new Downloader(_http, Policy, options.Rendering);
        var maker = new RenditionMaker(_renderWorkers, downloader, options.Rendering);
        var pictures = options.Rendering.Mode == EmulatorRenderingMode.None ? null : new PictureMaker(_renderWorkers);
        AemRenditions = new(pictures, options.Rendering);
        Kept = new(BlobsIn("kept", options), Blobs, pictures, options);
        var runner = new RenditionRunner(
            maker,
            new CustomWorkers(_http, Policy, Clients, Tokens, WorkerKey, options, () => httpsOrigin() ?? origin()),
            new Uploader(_http, Policy, clock),
            new RenditionEvents(clock, options.Spelling),
            Registrations,
            Faults,
            Kept,
            options);
        Jobs = new(runner, downloader, state, Kept, options);

        Repository = new(originals, state);
        var sender = new WebhookSender(_http, WebhookKeys, options.Webhooks);
        var eventRegistrations = new EmulatorEventRegistrations(Registrations, Clients, sender, Policy, Faults.Webhooks, options, state, origin);
        Aem = new(Repository, originals, eventRegistrations, options, origin);

        if (state.IsPersistent)
        {
            Registrations.Restore();
            Repository.Restore();
            eventRegistrations.Restore();
            Jobs.Restore();
            state.Start();
        }
    }

    public AssetComputeEmulatorOptions Options { get; }

    /// <summary>Gets the base URL of the emulator, once it is listening.</summary>
    public Func<Uri> Origin { get; }

    /// <summary>The client of the jobs that the page runs. Its secret is random, and its events never appear in an application's journal.</summary>
    public EmulatorClient PageClient { get; } = new() { ClientId = "emulator-page", ClientSecrets = [Guid.NewGuid().ToString("N")], OrganizationId = "emulator-page@AdobeOrg" };

    public ClientDirectory Clients { get; }

    public EmulatorCalls Calls { get; }

    public EmulatorFaults Faults { get; }

    public EmulatorStorage Storage { get; }

    public Registrations Registrations { get; }

    public JobQueue Jobs { get; }

    public KeptFiles Kept { get; }

    public EmulatorAem Aem { get; }

    public AemRenditions AemRenditions { get; }

    public AccessTokens Tokens { get; }

    public IBlobStore Blobs { get; }

    public UrlSigner Signer { get; }

    public NetworkPolicy Policy { get; }

    public AemRepository Repository { get; }

    public WebhookKeys WebhookKeys { get; } = new();

    public WorkerSigningKey WorkerKey { get; } = new();

    public void Publish(JsonNode @event, string? clientId)
    {
        EventJournal[] journals =
            [.. Registrations.All.Where(journal => clientId is null ? journal.Registration.ClientId != PageClient.ClientId : journal.Registration.ClientId == clientId)];
        var who = clientId is null ? "No client has" : $"The client '{clientId}' has not";
        var meant = journals switch
        {
            [var journal] => journal,
            [] => throw new InvalidOperationException($"{who} registered yet, so there is no journal for the event: start a client first, or call /register."),
            _ => throw new InvalidOperationException($"{journals.Length} clients are registered: name the one whose journal to use ('clientId')."),
        };
        meant.Append(JsonText.ToBytes(@event));
    }

    public async ValueTask DisposeAsync()
    {
        // Disposed in reverse order. The container does not dispose the state if one of the parts throws, and the data folder would stay locked.
        using var state = _state;
        using var http = _http;
        using var workerKey = WorkerKey;
        await using var workers = _renderWorkers.ConfigureAwait(false);
        using var kept = Kept;
        await Jobs.DisposeAsync().ConfigureAwait(false);
        await Aem.Registrations.StopAsync().ConfigureAwait(false);
    }

    private static IBlobStore BlobsIn(string name, AssetComputeEmulatorOptions options) =>
        options.DataFolder is { } folder ? new FolderBlobStore(Path.Combine(folder, name)) : new MemoryBlobStore();

    /// <summary>Follows no redirects and adds no cookies, proxy or tracing headers: Adobe's worker sends none. Callers set their own time limits.</summary>
    private static HttpClient NewHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
