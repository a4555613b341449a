namespace AssetCompute.Client.Webhooks;

/// <summary>Options of a webhook of Adobe I/O Events. They are checked when the application starts.</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// The client id (API key) of the Developer Console project in which the events are registered: events for another recipient are refused.
    /// Default: that of the account that the webhook belongs to; required where there is none.
    /// </summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// Where the keys of the signatures are: scheme and host, without a path. Default: <c>https://static.adobeioevents.com</c>. Only https; http is
    /// allowed to a loopback address, for tests.
    /// </summary>
    public Uri PublicKeyEndpoint { get; set; } = new("https://static.adobeioevents.com");

    /// <summary>
    /// Where a <c>validationUrl</c> may lead: scheme and host, without a path. Default: <c>https://csm.adobe.io</c>. Only https; http is allowed to a
    /// loopback address, for tests.
    /// </summary>
    public Uri ValidationEndpoint { get; set; } = new("https://csm.adobe.io");

    /// <summary>The largest body in bytes, 1,024 to 104,857,600. Default: 3,145,728 (3 MiB); Adobe sends up to 2 MB.</summary>
    public int MaxBodyBytes { get; set; } = 3 * 1024 * 1024;

    /// <summary>
    /// The largest event in bytes, 1,024 to 104,857,600. Default: 1,048,576 (1 MiB). A larger event is set aside, and the others of its delivery are stored: an inbox keeps it as a dead
    /// letter, any other handler does not get it, and the log names it.
    /// </summary>
    public int MaxEventBytes { get; set; } = 1024 * 1024;

    /// <summary>The most events of one delivery, 1 to 10,000. Default: 100; Adobe sends up to 20.</summary>
    public int MaxBatchSize { get; set; } = 100;

    /// <summary>
    /// The most deliveries that are read and stored at once, 1 to 100,000; those beyond it are answered with 503 at once, to be sent again. Default: 100. Anybody can send bodies to a
    /// webhook, and take <see cref="AnswerTimeout"/> for each: about this times <see cref="MaxBodyBytes"/> is the most memory that they take. It is no guard against a
    /// flood, which takes all of these places: a proxy before the application has to limit who may connect how often. A handler that outlives its token is not counted.
    /// </summary>
    public int MaxConcurrentDeliveries { get; set; } = 100;

    /// <summary>
    /// How long a delivery may take until it is answered with 503, to be sent again; over zero, up to 60 seconds. Default: 8 seconds; Adobe waits for 10.
    /// </summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a key may be used until it is fetched anew; over zero, up to 24 hours, as Adobe demands. Default: 24 hours.</summary>
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromHours(24);
}
