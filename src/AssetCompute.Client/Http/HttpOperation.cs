using System.Diagnostics;
using Polly;

namespace AssetCompute.Client.Http;

/// <summary>
/// One call of the application, with all its requests. It is attached to each request, so that every handler knows what the request is for.
/// </summary>
internal sealed class HttpOperation(OperationKind kind, Uri? url, string? requestId, TimeProvider timeProvider)
{
    private const string Key = "AssetCompute.Operation";

    private readonly long _start = timeProvider.GetTimestamp();

    public OperationKind Kind { get; } = kind;

    /// <summary>Where the SDK sends it. A handler of the application, such as service discovery, may send it elsewhere.</summary>
    public Uri? Url { get; } = url;

    /// <summary>The <c>x-request-id</c> of all attempts; null where the operation sends none.</summary>
    public string? RequestId { get; } = requestId;

    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>The span that caused the operation without being its parent, for a link. Default: none.</summary>
    public ActivityContext Cause { get; init; }

    /// <summary>How many requests have been sent.</summary>
    public int Attempts { get; private set; }

    public TimeSpan Elapsed => TimeProvider.GetElapsedTime(_start);

    /// <summary>True once an attempt has failed in a way that leaves open whether the service has carried it out.</summary>
    public bool MayHaveBeenDone { get; set; }

    /// <summary>True once the current attempt has sent a request.</summary>
    public bool WasSent { get; set; }

    /// <summary>True while an attempt waits at the throttle.</summary>
    public bool WaitsForItsTurn { get; set; }

    /// <summary>True when the service refused the last attempt that has ended (429).</summary>
    public bool IsRefused { get; set; }

    /// <summary>How long the service asked to wait when it last refused an attempt (429); null when it did not say.</summary>
    public TimeSpan? LastRetryAfter { get; set; }

    /// <summary>The longest wait that the options allow, where the service asked for a longer one, and there was no further attempt for it.</summary>
    public TimeSpan? ExceededRetryAfter { get; set; }

    /// <summary>The operation in words, for messages.</summary>
    public string Name => Kind switch
    {
        OperationKind.Register => "POST /register",
        OperationKind.Unregister => "POST /unregister",
        OperationKind.Process => "POST /process",
        OperationKind.ReadJournal => "Reading the journal",
        _ => "The token request",
    };

    /// <summary>The operation in one word, for metrics.</summary>
    public string TelemetryName => Kind switch
    {
        OperationKind.Register => "register",
        OperationKind.Unregister => "unregister",
        OperationKind.Process => "process",
        OperationKind.ReadJournal => "read_journal",
        _ => "get_token",
    };

    /// <summary>The operation that a request belongs to; null for a request that this SDK did not make.</summary>
    public static HttpOperation? Of(HttpRequestMessage request) =>
        ((IDictionary<string, object?>)request.Options).TryGetValue(Key, out object? operation) ? operation as HttpOperation : null;

    /// <summary>The operation that a pipeline runs for; null for a request that this SDK did not make.</summary>
    public static HttpOperation? Of(ResilienceContext context) => context.GetRequestMessage() is { } request ? Of(request) : null;

    public void AttachTo(HttpRequestMessage request) => ((IDictionary<string, object?>)request.Options)[Key] = this;

    /// <summary>Counts a request that is sent now.</summary>
    public void CountAttempt()
    {
        WaitsForItsTurn = false;
        WasSent = true;
        Attempts++;
    }
}
