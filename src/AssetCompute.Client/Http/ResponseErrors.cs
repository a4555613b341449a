using System.Net;
using AssetCompute.Client.Diagnostics;
using AssetCompute.Client.Http.Resilience;
using AssetCompute.Client.Serialization;
using Polly.Timeout;

namespace AssetCompute.Client.Http;

/// <summary>Converts an answer, or a failure to get one, into the exception for the caller. This is the only place that does so.</summary>
internal static class ResponseErrors
{
    private const int MaxBodyCharacters = 4096;
    private const int MaxMessageCharacters = 1000;

    /// <summary>Reads the beginning of the body and creates the exception. The caller disposes the response.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public static async Task<AssetComputeException> CreateAsync(HttpResponseMessage response, HttpOperation operation, CancellationToken cancellationToken) =>
        Create(response, await BoundedContent.ReadAsync(response, operation.TimeProvider, cancellationToken).ConfigureAwait(false), operation);

    /// <summary>Creates the exception for an unexpected answer. The reason is its status, or the complaint about a successful answer.</summary>
    public static AssetComputeException Create(HttpResponseMessage response, BoundedContent body, HttpOperation operation, string? complaint = null)
    {
        AnswerBody? answer = body.ToAnswer();
        HttpStatusCode status = response.StatusCode;
        string? requestId = RequestIdOf(response) ?? answer?.RequestId ?? operation.RequestId;
        string? errorCode = answer?.ErrorCode is { } code ? RedactedText.Of(code, 100) : null;
        string? text = body.IsEmpty ? null : RedactedText.Of(body.ToText(), MaxBodyCharacters);
        TimeSpan? retryAfter = RetryAfter.Of(response, operation.TimeProvider);
        (int attempts, TimeSpan elapsed) = (operation.Attempts, operation.Elapsed);

        string reason = string.IsNullOrWhiteSpace(response.ReasonPhrase) ? "" : " " + RedactedText.Of(response.ReasonPhrase, 100);
        string said = answer?.Message is { } message ? $": \"{RedactedText.Of(message, MaxMessageCharacters)}\"" : "";
        string advice = complaint ?? ExplainCode(errorCode) ?? Advice(status, answer?.Message, operation, response);
        string limit = operation.ExceededRetryAfter is { } longest
            ? FormattableString.Invariant($" It asks for a longer wait than {nameof(AssetComputeOptions.Retry)}.{nameof(AssetComputeRetryOptions.MaxRetryAfter)} ({longest.TotalSeconds:0.###} s) allows, so there was no further attempt.")
            : "";
        string what = FormattableString.Invariant($"{operation.Kind.Name} was answered with {(int)status}{reason}{said}. {advice}{limit}{Facts(operation, requestId, errorCode, retryAfter)}");
        return (int)status switch
        {
            400 or 413 or 415 or 422 => new AssetComputeInvalidRequestException(what) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = text, Attempts = attempts, Elapsed = elapsed },
            401 => new AssetComputeAuthenticationException(what) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = text, Attempts = attempts, Elapsed = elapsed },
            403 => new AssetComputeNotEntitledException(what) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = text, Attempts = attempts, Elapsed = elapsed },
            404 => new AssetComputeNotRegisteredException(what) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = text, Attempts = attempts, Elapsed = elapsed },
            429 => new AssetComputeThrottledException(what) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = text, Attempts = attempts, Elapsed = elapsed, RetryAfter = retryAfter },
            408 or >= 500 => new AssetComputeUnavailableException(what) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = text, Attempts = attempts, Elapsed = elapsed, RetryAfter = retryAfter },
            _ => new AssetComputeException(what) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = text, Attempts = attempts, Elapsed = elapsed },
        };
    }

    /// <summary>Creates the exception for a request without a complete answer. Returns null if the cause is not a failure of the network.</summary>
    public static AssetComputeException? Create(Exception cause, HttpOperation operation)
    {
        if (cause is TimeoutRejectedException && (operation.WaitsForItsTurn || operation.IsRefused))
        {
            bool wasSent = operation.Attempts > 0;
            string message = operation.Kind.Name + (wasSent
                ? " was refused (429) until its total timeout was over. Start fewer calls at a time, or allow a longer total timeout."
                : " timed out waiting for the throttle: the service refuses requests (429), and more calls wait than it lets through. Start fewer at a time, or allow a longer total timeout.");
            return new AssetComputeThrottledException(message + Facts(operation, operation.RequestId, errorCode: null, operation.LastRetryAfter), cause)
            {
                StatusCode = wasSent ? (HttpStatusCode)429 : null,
                RequestId = operation.RequestId,
                Attempts = operation.Attempts,
                Elapsed = operation.Elapsed,
                RetryAfter = operation.LastRetryAfter,
            };
        }

        return Failure.Describe(cause, operation.Url) is not { } what ? null
            : new AssetComputeUnavailableException($"{operation.Kind.Name} failed: {what}{Facts(operation, operation.RequestId, errorCode: null, retryAfter: null)}", cause)
            {
                RequestId = operation.RequestId,
                Attempts = operation.Attempts,
                Elapsed = operation.Elapsed,
            };
    }

    /// <summary>Returns the id that the service gave the request, or null.</summary>
    public static string? RequestIdOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-request-id", out IEnumerable<string>? ids) && ids.FirstOrDefault() is { Length: > 0 } id ? RedactedText.Of(id, 256) : null;

    /// <summary>Explains a code of Adobe's API gateway, and what to do. Returns null for an unknown code.</summary>
    /// <remarks>Source: the validators of the open-source Adobe API gateway. The first three digits are the HTTP status.</remarks>
    private static string? ExplainCode(string? code) => code switch
    {
        "401013" => "The access token is invalid or expired: check the client secrets and the clock of this machine.",
        "403000" => "The API key is missing: set the client id.",
        "403003" => "The API key is unknown: check the client id, and that its project has the Asset Compute API.",
        "403010" => "The access token is missing: check the token provider.",
        "403011" => "The access token lacks a scope: check the scopes, and the APIs of the project in the Developer Console.",
        "403020" or "403023" or "403024" => "The gateway found no profile that entitles the account: check the organization and the product profiles of the project.",
        "429001" => "The service as a whole is at its usage limit.",
        "429002" => "This client id is at its usage limit.",
        "429050" => "The gateway counted too many requests: send fewer at a time.",
        "503000" or "503010" => "The gateway could not check the request: try again later.",
        _ => null,
    };

    private static string Advice(HttpStatusCode status, string? said, HttpOperation operation, HttpResponseMessage response) => (int)status switch
    {
        400 or 422 => "Correct the request; sending it again unchanged cannot help.",
        401 => "The access token or the API key was not accepted: check the client id and its secrets.",
        403 => "The project is not entitled: add the Asset Compute, I/O Events and I/O Management APIs to it in the Developer Console.",
        404 when operation.Kind == OperationKind.ReadJournal => "The journal does not exist: register again to get its current URL.",
        404 when said?.Contains("not registered") == true => "Call RegisterAsync first.",
        404 => "The client is not registered: call RegisterAsync first.",
        408 => "The service gave up waiting for the request.",
        413 => "The request is too large: set the source as a URL instead of a data URI.",
        415 => "The service did not read the body as JSON: check whether a handler or a proxy changes the headers.",
        429 => "The service asks for fewer requests.",
        >= 300 and < 400 => $"The redirect{Location(response)} was not followed, because it would send the API key to another host: check the endpoint.",
        >= 500 => "The service or a gateway in front of it failed.",
        _ => "Neither the API nor its gateway documents this answer: check the endpoint, and the proxies on the way to it.",
    };

    private static string Location(HttpResponseMessage response) =>
        response.Headers.Location is { } location ? " to " + RedactedText.Of(RedactedUrl.Of(location), 200) : "";

    private static string Facts(HttpOperation operation, string? requestId, string? errorCode, TimeSpan? retryAfter) =>
        FormattableString.Invariant($" ({operation.Attempts} {(operation.Attempts == 1 ? "attempt" : "attempts")} in {operation.Elapsed.TotalSeconds:0.0} s")
        + (retryAfter is { } wait ? FormattableString.Invariant($", retry after {wait.TotalSeconds:0.#} s") : "")
        + (errorCode is null ? "" : ", code " + errorCode)
        + (requestId is null ? "" : ", request id " + requestId)
        + ")";
}
