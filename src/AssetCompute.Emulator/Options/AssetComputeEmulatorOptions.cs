using System.Net;

namespace AssetCompute.Emulator;

/// <summary>The options of an emulator. The defaults give a faithful service on the loopback interface.</summary>
public sealed class AssetComputeEmulatorOptions
{
    /// <summary>The port to listen on. Default: 0, which selects any free port.</summary>
    public int Port { get; set; }

    /// <summary>
    /// The port to also listen on over HTTPS, with a development certificate that is created at startup. 0 selects any free port. Custom workers then get
    /// HTTPS URLs of the emulator's storage, which Adobe's SDK requires. Default: none, no HTTPS.
    /// </summary>
    public int? HttpsPort { get; set; }

    /// <summary>
    /// The address to listen on. Default: the loopback address. The emulator fetches the URLs that it receives, and lets anyone sign in who knows its well-known
    /// secret. Listen on a network address only if you trust everyone on that network.
    /// </summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>The clock for tokens, signed URLs, events, the journal and faults. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The clients that may sign in. If the list is empty (the default), <see cref="EmulatorClient.WellKnown"/> may sign in.</summary>
    public IList<EmulatorClient> Clients { get; } = [];

    /// <summary>The lifetime of access tokens. Default: 86,399 seconds, as in the responses of IMS.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromSeconds(86_399);

    /// <summary>The default lifetime of signed storage URLs. Default: 2 hours, as in Adobe's developer tool.</summary>
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The maximum size in bytes of a stored blob, and of the original of an AEM asset that is not generated. Default: 512 MiB.</summary>
    public long MaxBlobBytes { get; set; } = 512L << 20;

    /// <summary>Whether the emulator follows Adobe's code or Adobe's documentation where they disagree. Default: <see cref="WireSpelling.Code"/>.</summary>
    public WireSpelling Spelling { get; set; }

    /// <summary>
    /// The hosts, apart from the loopback interface, that sources, watermarks, targets and custom workers may be on: <c>example.com</c> for HTTPS,
    /// <c>http://minio:9000</c> for exactly this origin, <c>*</c> for every host over HTTPS. The web page and <c>/emulator/**</c> also accept requests to these
    /// names, in addition to <c>localhost</c> and IP addresses. On the loopback interface, this applies to all other paths too. Default: none.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>The options for making renditions.</summary>
    public EmulatorRenderingOptions Rendering { get; } = new();

    /// <summary>The options of the event journals.</summary>
    public EmulatorJournalOptions Journal { get; } = new();

    /// <summary>The options for delivering webhooks.</summary>
    public EmulatorWebhookOptions Webhooks { get; } = new();

    /// <summary>The folder that keeps registrations, events, blobs, assets and unfinished jobs across restarts. Default: none; everything is in memory.</summary>
    public string? DataFolder { get; set; }

    /// <summary>A JSON file with the initial clients and faults. docs/emulator-faults.md describes the format. Default: none.</summary>
    public string? ScriptFile { get; set; }

    /// <summary>The delay of every response, to simulate a network. Default: none.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>The maximum number of calls that <see cref="AssetComputeEmulator.Calls"/> keeps. Older calls are only counted. Default: 10,000.</summary>
    public int CallCapacity { get; set; } = 10_000;

    /// <summary>The maximum number of jobs that the web page keeps, within 64 MiB for all requests and events. Default: 2,000.</summary>
    public int JobCapacity { get; set; } = 2_000;

    /// <summary>
    /// The maximum number of bytes of sources and renditions that the web page keeps, to compare them and run them again after the client has removed them. The
    /// oldest files are removed first. An image leaves a preview of at most 640 pixels, which is removed when it is the oldest file itself. Default: 256 MiB;
    /// 0 keeps nothing.
    /// </summary>
    public long KeptBytes { get; set; } = 256L << 20;

    /// <summary>The longest lifetime that is allowed. Adding it to a date still gives a valid date.</summary>
    internal static TimeSpan LongestLifetime { get; } = TimeSpan.FromDays(36_500);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TokenLifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TokenLifetime, LongestLifetime);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(UrlLifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(UrlLifetime, LongestLifetime);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBlobBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Latency, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(CallCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(JobCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeptBytes, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rendering.MaxConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Rendering.TimeLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rendering.MaxPixels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rendering.MaxMemoryBytes, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rendering.MaxSourceBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Journal.RetryAfter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Journal.EventDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Journal.PageSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Journal.Retention, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Journal.Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Journal.CapacityBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Webhooks.MaxConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Webhooks.Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Webhooks.UnstablePeriod, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Webhooks.AttemptCapacity, 1);
    }
}
