using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>Everything that one emulator is made of, put together in one place.</summary>
internal sealed class EmulatorParts : IAsyncDisposable
{
    private readonly HttpClient _http = NewHttpClient();
    private readonly WebhookKeys _keys = new();
    private readonly RenderWorkerPool _renderWorkers;
    private readonly IStateLog _log;
    private readonly IReadOnlyCollection<Job> _unfinished;
    private readonly IReadOnlyCollection<JsonObject> _subscriptions;
    private readonly Action<IEndpointRouteBuilder> _map;

    /// <param name="options">What was set.</param>
    /// <param name="folder">The state that survives, if there is one; disposed with the parts.</param>
    /// <param name="origin">Where the emulator answers, once it does.</param>
    public EmulatorParts(AssetComputeEmulatorOptions options, FolderState? folder, Func<Uri> origin)
    {
        var clock = options.TimeProvider;
        Clients = new ClientDirectory(options.Clients.Count > 0 ? options.Clients : [EmulatorClient.WellKnown]);
        _log = folder ?? (IStateLog)new NoStateLog();
        var keys = folder is null ? EmulatorKeys.New() : EmulatorKeys.In(options.DataFolder!);
        IBlobStore blobs = BlobsIn("blobs", options);
        var originals = BlobsIn("aem", options);
        var tokens = new AccessTokens(keys.Tokens, clock, _log, folder?.Revocation);
        var signer = new UrlSigner(keys.Urls, clock);
        var policy = new NetworkPolicy(options.AllowedHosts, signer, origin);

        Calls = new(options.CallCapacity);
        Faults = new(clock, options.Spelling);
        Faults.TokensRevoked += tokens.RevokeAll;
        Storage = new(blobs, signer, options, origin);
        Registrations = new(options, Faults.Journal, keys.Positions, _log);
        Recording = new(Calls, clock);
        Injection = new(Faults, Calls, options);
        Names = new(options);

        _renderWorkers = new(options.Rendering);
        var downloader = new Downloader(_http, policy, options.Rendering);
        var runner = new RenditionRunner(
            Makers(options.Rendering, downloader),
            new CustomWorkers(_http, policy, Clients, tokens, options),
            new Uploader(_http, policy, clock),
            new RenditionEvents(clock, options.Spelling),
            Registrations,
            options.Spelling);
        Jobs = new(runner, downloader, _log, options);

        _unfinished = folder?.Restore(Registrations) ?? [];
        _subscriptions = folder?.Subscriptions ?? [];

        var repository = new AemRepository(originals, _log);
        repository.Restore((folder?.Assets ?? []).Select(asset => AemAssetRecord.Read(asset, originals)));
        var sender = new WebhookSender(_http, _keys, options.Webhooks);
        var eventRegistrations = new EmulatorEventRegistrations(Registrations, Clients, sender, _keys, policy, Faults.Webhooks, options, _log, origin);
        Aem = new(repository, originals, eventRegistrations, options, origin);

        var gateway = new Gateway(Clients, tokens);
        _map = routes =>
        {
            new ImsEndpoints(Clients, tokens, Faults, options).Map(routes);
            new ServiceEndpoints(gateway, Registrations, Jobs, policy, clock).Map(routes);
            new JournalEndpoints(gateway, Registrations, options, Faults.Journal).Map(routes);
            new StorageEndpoints(blobs, signer, options).Map(routes);
            new EventIngress(gateway, Registrations, Jobs).Map(routes);
            new AemEndpoints(tokens, repository).Map(routes);
            new WebhookEndpoints(_keys, eventRegistrations).Map(routes);
            new ControlEndpoints(this, tokens).Map(routes);
            new AemControlEndpoints(Aem, options).Map(routes);
            new PageEndpoints(this, blobs).Map(routes);
        };
    }

    public ClientDirectory Clients { get; }

    public EmulatorCalls Calls { get; }

    public EmulatorFaults Faults { get; }

    public EmulatorStorage Storage { get; }

    public Registrations Registrations { get; }

    public JobQueue Jobs { get; }

    public EmulatorAem Aem { get; }

    public CallRecording Recording { get; }

    public FaultInjection Injection { get; }

    public OwnNames Names { get; }

    public void Publish(JsonNode @event, string? clientId)
    {
        var journals = clientId is null ? Registrations.All : [.. new[] { Registrations.OfClient(clientId) }.OfType<EventJournal>()];
        if (journals.Count != 1)
        {
            throw new InvalidOperationException(clientId is null
                ? $"{journals.Count} clients are registered: name the one whose journal is meant."
                : $"The client '{clientId}' is not registered.");
        }

        journals.First().Append(JsonText.ToBytes(@event));
    }

    /// <summary>Takes up what an earlier run had accepted; its sources and targets may be on this very server, which must answer by now.</summary>
    public void Resume()
    {
        foreach (var subscription in _subscriptions)
        {
            Aem.Registrations.Restore(subscription);
        }

        foreach (var job in _unfinished)
        {
            Jobs.Resume(job);
        }
    }

    public void Map(IEndpointRouteBuilder routes) => _map(routes);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Jobs.DisposeAsync();
            await Aem.Registrations.StopAsync();
        }
        finally
        {
            // Whatever became of the rest, the folder is free for the next emulator.
            await _log.DisposeAsync();
            _http.Dispose();
            _keys.Dispose();
            await _renderWorkers.DisposeAsync();
        }
    }

    private static IBlobStore BlobsIn(string name, AssetComputeEmulatorOptions options) =>
        options.DataFolder is { } folder ? new FolderBlobStore(Path.Combine(folder, name)) : new MemoryBlobStore();

    private IReadOnlyList<IRenditionMaker> Makers(EmulatorRenderingOptions rendering, Downloader downloader)
    {
        if (rendering.Mode == EmulatorRenderingMode.None)
        {
            return [new FixedMaker()];
        }

        return
        [
            new ImageMaker(_renderWorkers, new Ghostscript(rendering), downloader, rendering),
            new TextMaker(_renderWorkers, rendering),
            new PdfMaker(),
            new XmpMaker(),
            new ArchiveMaker(downloader, rendering),
        ];
    }

    /// <summary>
    /// No redirects behind our back, no cookies, no proxy, and no tracing headers: uploads carry what Adobe's worker sends and nothing
    /// else. Whoever calls says how long it waits.
    /// </summary>
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
