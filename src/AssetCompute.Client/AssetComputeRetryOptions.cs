namespace AssetCompute.Client;

/// <summary>How the client retries failed calls. The names are those of Microsoft.Extensions.Http.Resilience.</summary>
/// <remarks>
/// The client retries a call after 408, 429, 5xx, a broken connection and an attempt that took too long. If the service may have accepted a <c>/process</c>
/// call, <see cref="RetryProcessOnServerError"/> decides. The client never retries a call after 400, 401 (once the token was renewed), 403 and 404. Source:
/// the API page, which asks for an exponential backoff on 429 and 5xx. A change of the options applies to the next call.
/// </remarks>
public sealed class AssetComputeRetryOptions
{
    /// <summary>
    /// The maximum number of retries after a failure; 0 to 100. With 0, there is one attempt. Refusals (429) do not count: a refused call is retried until
    /// <see cref="TotalTimeout"/>. Default: 6, so that there are at most seven attempts.
    /// </summary>
    public int MaxRetryAttempts { get; set; } = 6;

    /// <summary>The wait before the second attempt; it doubles with each further attempt. Over zero, up to <see cref="MaxDelay"/>. Default: 500 milliseconds.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between two attempts, unless the service asks for more; over zero, up to one day. Default: 4 seconds.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Whether the waits have jitter, so that callers that failed together do not retry together. Default: true.</summary>
    public bool UseJitter { get; set; } = true;

    /// <summary>
    /// The longest <c>Retry-After</c> that the client waits for; zero to one day. Default: 90 seconds. When the service asks for more, the call fails
    /// immediately with an <see cref="AssetComputeThrottledException"/> or <see cref="AssetComputeUnavailableException"/> that carries the wait.
    /// </summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// The longest time that one attempt may take, from the moment it is sent until its answer is read; 10 milliseconds to one day. Default: 30 seconds.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest time that a call may take with all its attempts and waits; not shorter than <see cref="AttemptTimeout"/>, up to one day. Default: 5 minutes.
    /// </summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether <c>/process</c> is retried when the service may have accepted it: after 408, 5xx, a broken connection or an attempt that took too long.
    /// Default: true, as the API page requests. Every attempt of a call has the same request id, so that a duplicate job is recognized and its repeated events
    /// are dropped. After 429, and if no connection could be made, <c>/process</c> is always retried.
    /// </summary>
    public bool RetryProcessOnServerError { get; set; } = true;
}
