using System.Diagnostics;
using Polly;

namespace AssetCompute.Client.Http;

/// <summary>One call of the application, with all its requests. It is attached to each request, so that every handler can identify the call.</summary>
internal sealed class HttpOperation(OperationKind kind, Uri? url, string? requestId, TimeProvider timeProvider)
{
    private const string Key = "AssetCompute.Operation";

    private readonly long _start = timeProvider.GetTimestamp();

    public OperationKind Kind { get; } = kind;

    /// <summary>The destination that the SDK has set. A handler of the application, such as service discovery, may change it.</summary>
    public Uri? Url { get; } = url;

    /// <summary>The <c>x-request-id</c> of all attempts; null if the operation sends none.</summary>
    public string? RequestId { get; } = requestId;

    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>The body of every attempt. Default: none, or what the content of the request returns.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The span that caused the operation without being its parent, for a link. Default: none.</summary>
    public ActivityContext Cause { get; init; }

    /// <summary>The number of sent requests.</summary>
    public int Attempts { get; private set; }

    public TimeSpan Elapsed => TimeProvider.GetElapsedTime(_start);

    /// <summary>True after an attempt has failed in a way that does not show whether the service has executed it.</summary>
    public bool MayHaveBeenDone { get; set; }

    /// <summary>True after the current attempt has sent a request.</summary>
    public bool WasSent { get; set; }

    /// <summary>True while an attempt waits at the throttle.</summary>
    public bool WaitsForItsTurn { get; set; }

    /// <summary>True if the service refused the last completed attempt (429).</summary>
    public bool IsRefused { get; set; }

    /// <summary>The wait that the service asked for when it last refused an attempt (429); null if it asked for none.</summary>
    public TimeSpan? LastRetryAfter { get; set; }

    /// <summary>The maximum wait in the options, if the service asked for a longer one and there was no further attempt for that reason.</summary>
    public TimeSpan? ExceededRetryAfter { get; set; }

    /// <summary>The number of retries after failures.</summary>
    public int Retries { get; set; }

    /// <summary>The number of retries after refusals since the last other failure.</summary>
    public int RefusedInRow { get; set; }

    /// <summary>Returns the operation of a request; null for a token request before its first attempt.</summary>
    public static HttpOperation? Of(HttpRequestMessage request) =>
        ((IDictionary<string, object?>)request.Options).TryGetValue(Key, out object? operation) ? operation as HttpOperation : null;

    /// <summary>Returns the operation of a pipeline; null for a token request before its first attempt.</summary>
    public static HttpOperation? Of(ResilienceContext context) => context.GetRequestMessage() is { } request ? Of(request) : null;

    public void AttachTo(HttpRequestMessage request) => ((IDictionary<string, object?>)request.Options)[Key] = this;

    /// <summary>Counts a request that is about to be sent.</summary>
    public void CountAttempt()
    {
        WaitsForItsTurn = false;
        WasSent = true;
        Attempts++;
    }
}
