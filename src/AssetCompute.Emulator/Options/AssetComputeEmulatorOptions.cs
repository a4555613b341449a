using System.Net;

namespace AssetCompute.Emulator;

/// <summary>What can be set when an emulator starts. Every default makes a faithful service on the loopback interface.</summary>
public sealed class AssetComputeEmulatorOptions
{
    /// <summary>The port to listen on. Default: 0, any free port.</summary>
    public int Port { get; set; }

    /// <summary>
    /// The port to listen on by https besides, with a development certificate that is made at start; 0 is any free port. Custom workers then get https URLs of the emulator's
    /// storage, which Adobe's SDK requires. Default: none, no https.
    /// </summary>
    public int? HttpsPort { get; set; }

    /// <summary>
    /// The address to listen on. Default: the loopback address. The emulator fetches URLs that it is given and signs in anybody who
    /// knows its well-known secret: open it to a network only where you trust everybody on it.
    /// </summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>The clock of tokens, signed URLs, events, the journal and faults. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Who may sign in. Empty (the default) signs in <see cref="EmulatorClient.WellKnown"/>.</summary>
    public IList<EmulatorClient> Clients { get; } = [];

    /// <summary>How long access tokens live. Default: 86,399 seconds, as IMS answers.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromSeconds(86_399);

    /// <summary>How long signed storage URLs live unless said otherwise. Default: 2 hours, as Adobe's developer tool signs them.</summary>
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The most bytes of one stored blob, and of the original of an asset in AEM that is not generated. Default: 512 MiB.</summary>
    public long MaxBlobBytes { get; set; } = 512L << 20;

    /// <summary>Which side the emulator takes where Adobe's documentation and code disagree. Default: <see cref="WireSpelling.Code"/>.</summary>
    public WireSpelling Spelling { get; set; }

    /// <summary>
    /// Hosts besides the loopback interface that sources, watermarks, targets and custom workers may be on: <c>example.com</c> over
    /// https, <c>http://minio:9000</c> as exactly this origin, <c>*</c> for every host over https. They are also the names besides
    /// <c>localhost</c> and addresses to which the web page and <c>/emulator/**</c> answer; on the loopback interface, so does the rest. Default: none.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>How renditions are made.</summary>
    public EmulatorRenderingOptions Rendering { get; } = new();

    /// <summary>How journals behave.</summary>
    public EmulatorJournalOptions Journal { get; } = new();

    /// <summary>How webhooks are delivered.</summary>
    public EmulatorWebhookOptions Webhooks { get; } = new();

    /// <summary>A folder that keeps registrations, events, blobs, assets and unfinished jobs over a restart. Default: none, everything is in memory.</summary>
    public string? DataFolder { get; set; }

    /// <summary>A JSON file of clients and faults to start with; docs/emulator-faults.md describes its form. Default: none.</summary>
    public string? ScriptFile { get; set; }

    /// <summary>How long every answer is held back, as a network would. Default: none.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How many calls <see cref="AssetComputeEmulator.Calls"/> keeps; older ones are only counted. Default: 10,000.</summary>
    public int CallCapacity { get; set; } = 10_000;

    /// <summary>How many jobs the web page remembers, as long as their requests and events take less than 64 MiB in all. Default: 2,000.</summary>
    public int JobCapacity { get; set; } = 2_000;

    /// <summary>
    /// How many bytes of sources and renditions the web page keeps, so that they can be compared and run again after the client has removed them. The oldest go
    /// first; of an image, a picture of at most 640 pixels stays, and all those pictures take at most a quarter of this. Default: 256 MiB; 0 keeps nothing.
    /// </summary>
    public long KeptBytes { get; set; } = 256L << 20;

    /// <summary>Far beyond what anybody means, and still a date when it is added to one.</summary>
    internal static TimeSpan LongestLifetime { get; } = TimeSpan.FromDays(36_500);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(HttpsPort ?? 0, nameof(HttpsPort));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HttpsPort ?? 0, ushort.MaxValue, nameof(HttpsPort));
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
        ArgumentOutOfRangeException.ThrowIfLessThan(Journal.MaxPageBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Journal.Retention, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Journal.Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Journal.CapacityBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Webhooks.MaxConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Webhooks.Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Webhooks.UnstablePeriod, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Webhooks.AttemptCapacity, 1);
    }
}
