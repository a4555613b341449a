using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>Everything that one emulator is made of, put together in one place.</summary>
internal sealed class EmulatorParts : IAsyncDisposable
{
    private const int KeyLength = 32;

    private readonly HttpClient _http = NewHttpClient();
    private readonly ImageMagick _imageMagick;
    private readonly NoStateLog _log = new();
    private readonly JobQueue _jobs;
    private readonly Action<IEndpointRouteBuilder> _map;

    public EmulatorParts(AssetComputeEmulatorOptions options, Func<Uri> origin)
    {
        var clock = options.TimeProvider;
        Clients = new ClientDirectory(options.Clients.Count > 0 ? options.Clients : [EmulatorClient.WellKnown]);
        var tokens = new AccessTokens(RandomNumberGenerator.GetBytes(KeyLength), clock);
        var signer = new UrlSigner(RandomNumberGenerator.GetBytes(KeyLength), clock);
        var blobs = new MemoryBlobStore();
        var policy = new NetworkPolicy(options.AllowedHosts);

        Calls = new(options.CallCapacity);
        Faults = new(clock, options.Spelling);
        Faults.TokensRevoked += tokens.RevokeAll;
        Storage = new(blobs, signer, options, origin);
        Registrations = new(options, Faults.Journal, RandomNumberGenerator.GetBytes(KeyLength), _log);
        Recording = new(Calls, clock);
        Injection = new(Faults, Calls, options);

        _imageMagick = new(options.Rendering);
        var downloader = new Downloader(_http, policy, options.Rendering);
        var runner = new RenditionRunner(Makers(options.Rendering, downloader), new Uploader(_http, policy, clock), new RenditionEvents(clock, options.Spelling), Registrations, options.Spelling);
        _jobs = new(runner, downloader, _log, options.Rendering.MaxConcurrency);

        var gateway = new Gateway(Clients, tokens);
        _map = routes =>
        {
            new ImsEndpoints(Clients, tokens, Faults, options).Map(routes);
            new ServiceEndpoints(gateway, Registrations, _jobs, clock).Map(routes);
            new JournalEndpoints(gateway, Registrations, options, Faults.Journal).Map(routes);
            new StorageEndpoints(blobs, signer, options).Map(routes);
            new ControlEndpoints(this, tokens).Map(routes);
        };
    }

    public ClientDirectory Clients { get; }

    public EmulatorCalls Calls { get; }

    public EmulatorFaults Faults { get; }

    public EmulatorStorage Storage { get; }

    public Registrations Registrations { get; }

    public CallRecording Recording { get; }

    public FaultInjection Injection { get; }

    public Task<string?> FindImageMagickAsync() => _imageMagick.FindAsync();

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

    public void Map(IEndpointRouteBuilder routes) => _map(routes);

    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        await _log.DisposeAsync();
        _http.Dispose();
        _imageMagick.Dispose();
    }

    private IReadOnlyList<IRenditionMaker> Makers(EmulatorRenderingOptions rendering, Downloader downloader)
    {
        if (rendering.Mode == EmulatorRenderingMode.None)
        {
            return [new FixedMaker()];
        }

        var ghostscript = new Ghostscript(rendering);
        return
        [
            new ImageMaker(_imageMagick, new ImageInputs(ghostscript, rendering), downloader),
            new TextMaker(ghostscript, rendering),
            new XmpMaker(),
            new ArchiveMaker(downloader, rendering),
        ];
    }

    /// <summary>No redirects behind our back, no cookies, no proxy, and no tracing headers: uploads carry what Adobe's worker sends and nothing else.</summary>
    private static HttpClient NewHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    });
}
