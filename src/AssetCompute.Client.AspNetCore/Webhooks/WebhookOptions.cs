namespace AssetCompute.Client.Webhooks;

/// <summary>Options of a webhook of Adobe I/O Events. They are checked when the application starts.</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// The client id (API key) of the Developer Console project in which the events are registered. Events for another recipient are refused. Default: the
    /// client id of the account that the webhook belongs to; required if there is none.
    /// </summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// The host of the public keys: scheme and host, without a path. Default: <c>https://static.adobeioevents.com</c>. Only https; http is allowed for a
    /// loopback address, for tests.
    /// </summary>
    public Uri PublicKeyEndpoint { get; set; } = new("https://static.adobeioevents.com");

    /// <summary>
    /// The host that a <c>validationUrl</c> may lead to: scheme and host, without a path. Default: <c>https://csm.adobe.io</c>. Only https; http is allowed
    /// for a loopback address, for tests.
    /// </summary>
    public Uri ValidationEndpoint { get; set; } = new("https://csm.adobe.io");

    /// <summary>The maximum size of a body in bytes, 1,024 to 104,857,600. Default: 3,145,728 (3 MiB); Adobe sends up to 2 MB.</summary>
    public int MaxBodyBytes { get; set; } = 3 * 1024 * 1024;

    /// <summary>
    /// The maximum size of an event in bytes, 1,024 to 104,857,600. Default: 1,048,576 (1 MiB). A larger event is set aside, and the other events of its
    /// delivery are stored. An inbox stores it as a dead letter. Any other handler does not get it, and the log has its id.
    /// </summary>
    public int MaxEventBytes { get; set; } = 1024 * 1024;

    /// <summary>The maximum number of events in one delivery, 1 to 10,000. Default: 100; Adobe sends up to 20.</summary>
    public int MaxBatchSize { get; set; } = 100;

    /// <summary>
    /// The maximum number of deliveries that are read and stored at once, 1 to 100,000. Further deliveries get a 503 immediately, and Adobe sends them again.
    /// Default: 100. Anyone can send bodies to a webhook, and each can take up to <see cref="AnswerTimeout"/>. The bodies need at most about this number
    /// times <see cref="MaxBodyBytes"/> of memory. The limit does not protect against a flood that takes all slots: limit connections at a proxy in front of
    /// the application. A handler that continues after its token is canceled is not counted.
    /// </summary>
    public int MaxConcurrentDeliveries { get; set; } = 100;

    /// <summary>
    /// How long a delivery may take before it gets a 503, so that Adobe sends it again; over zero, up to 60 seconds. Default: 8 seconds; Adobe waits for 10.
    /// </summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a key is used before it is fetched again; over zero, up to 24 hours, as Adobe requires. Default: 24 hours.</summary>
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromHours(24);
}
