using System.Net;
using System.Text;
using AssetCompute.Client.Diagnostics;
using AssetCompute.Client.Serialization;
using Polly.Timeout;

namespace AssetCompute.Client.Http;

/// <summary>The one place that turns an answer, or a failure to get one, into the exception that the caller sees.</summary>
internal static class ResponseErrors
{
    private const string RequestIdHeader = "x-request-id";
    private const int MaxBodyCharacters = 4096;
    private const int MaxMessageCharacters = 1000;

    /// <summary>
    /// The exception for an answer that is not what was asked for. Reads the beginning of the body, whatever state it is in; the caller still
    /// disposes the response.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Task<AssetComputeException> CreateAsync(HttpResponseMessage response, HttpOperation operation, CancellationToken cancellationToken) =>
        CreateAsync(response, operation, operation.Attempts, operation.Elapsed, cancellationToken);

    /// <inheritdoc cref="CreateAsync(HttpResponseMessage, HttpOperation, CancellationToken)"/>
    /// <param name="response">The answer.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="attempts">How many requests were sent for it.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="cancellationToken">Cancels the reading of the body.</param>
    public static async Task<AssetComputeException> CreateAsync(HttpResponseMessage response, HttpOperation operation, int attempts, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        BoundedBody body = await BoundedBody.ReadAsync(response, operation.TimeProvider, cancellationToken).ConfigureAwait(false);
        return Create(response, body, operation, attempts, elapsed);
    }

    /// <summary>
    /// The exception for an answer that is not what was asked for, and whose body has been read.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="body">The beginning of its body.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="attempts">How many requests were sent for it.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="complaint">What is wrong with an answer whose status is good; null where the status says it.</param>
    public static AssetComputeException Create(HttpResponseMessage response, BoundedBody body, HttpOperation operation, int attempts, TimeSpan elapsed, string? complaint = null)
    {
        AnswerBody? answer = body.IsEmpty || body.IsCut ? null : AnswerBody.Parse(body.Bytes);
        string? requestId = RequestIdOf(response) ?? answer?.RequestId ?? operation.RequestId;
        string? errorCode = answer?.ErrorCode is { } code ? RedactedText.Of(code, 100) : null;
        string? text = body.IsEmpty ? null : RedactedText.Of(body.ToText(response.Content), MaxBodyCharacters);
        TimeSpan? retryAfter = RetryAfter.Of(response, operation.TimeProvider);
        HttpStatusCode status = response.StatusCode;

        StringBuilder message = new(operation.Name);
        message.Append(FormattableString.Invariant($" was answered with {(int)status}"));
        if (ReasonOf(response) is { } reason)
        {
            message.Append(' ').Append(reason);
        }

        if (answer?.Message is { } said)
        {
            message.Append(": \"").Append(RedactedText.Of(said, MaxMessageCharacters)).Append('"');
        }

        message.Append(". ").Append(complaint ?? Advice(status, errorCode, answer?.Message, operation, response));
        if (operation.ExceededRetryAfter is { } longest)
        {
            message.Append(FormattableString.Invariant($" It asks for a longer wait than {nameof(AssetComputeOptions.Retry)}.{nameof(AssetComputeRetryOptions.MaxRetryAfter)} ({longest.TotalSeconds:0.###} s) allows, so there was no further attempt."));
        }

        AppendFacts(message, requestId, errorCode, attempts, elapsed, retryAfter);
        return Create((int)status, message.ToString(), requestId, errorCode, text, attempts, elapsed, retryAfter, status);
    }

    /// <summary>
    /// The exception for a request that got no whole answer; null for an exception that is none of the network's, which the caller sees as it is.
    /// </summary>
    public static AssetComputeException? Create(Exception cause, HttpOperation operation) =>
        Create(cause, operation, operation.Attempts, operation.Elapsed);

    /// <inheritdoc cref="Create(Exception, HttpOperation)"/>
    /// <param name="cause">What was thrown.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="attempts">How many requests were sent for it.</param>
    /// <param name="elapsed">How long it took.</param>
    public static AssetComputeException? Create(Exception cause, HttpOperation operation, int attempts, TimeSpan elapsed)
    {
        if (cause is TimeoutRejectedException && (operation.WaitsForItsTurn || operation.IsRefused))
        {
            return CreateForWait(cause, operation, attempts, elapsed);
        }

        string? what = TransportFailure.Describe(cause, operation.Url);
        if (what is null)
        {
            return null;
        }

        StringBuilder message = new(operation.Name);
        message.Append(" failed: ").Append(what);
        AppendFacts(message, operation.RequestId, errorCode: null, attempts, elapsed, retryAfter: null);
        return new AssetComputeUnavailableException(message.ToString(), cause)
        {
            RequestId = operation.RequestId,
            Attempts = attempts,
            Elapsed = elapsed,
        };
    }

    private static AssetComputeThrottledException CreateForWait(Exception cause, HttpOperation operation, int attempts, TimeSpan elapsed)
    {
        StringBuilder message = new(operation.Name);
        message.Append(attempts > 0
            ? " was refused (429) until its total timeout was over. Start fewer calls at a time, or allow a longer total timeout."
            : " did not get its turn in time: the service refuses requests (429), and more calls wait than it lets through. Start fewer at a time, or allow a longer total timeout.");
        AppendFacts(message, operation.RequestId, errorCode: null, attempts, elapsed, operation.LastRetryAfter);
        return new AssetComputeThrottledException(message.ToString(), cause)
        {
            StatusCode = attempts > 0 ? (HttpStatusCode)429 : null,
            RequestId = operation.RequestId,
            Attempts = attempts,
            Elapsed = elapsed,
            RetryAfter = operation.LastRetryAfter,
        };
    }

    /// <summary>The id that the service gave the request; null when the header is missing.</summary>
    public static string? RequestIdOf(HttpResponseMessage response) => HeaderText(response) is { Length: > 0 } id ? RedactedText.Of(id, 256) : null;

    private static string? HeaderText(HttpResponseMessage response)
    {
#if NETSTANDARD2_0
        return response.Headers.TryGetValues(RequestIdHeader, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
#else
        // As it came: nearly always one text, which is not put into a list.
        return !response.Headers.NonValidated.TryGetValues(RequestIdHeader, out System.Net.Http.Headers.HeaderStringValues values) ? null
            : values.Count == 1 ? values.ToString()
            : values.FirstOrDefault();
#endif
    }

    private static AssetComputeException Create(
        int code,
        string message,
        string? requestId,
        string? errorCode,
        string? body,
        int attempts,
        TimeSpan elapsed,
        TimeSpan? retryAfter,
        HttpStatusCode status) => code switch
        {
            400 or 413 or 415 or 422 => new AssetComputeInvalidRequestException(message) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = body, Attempts = attempts, Elapsed = elapsed },
            401 => new AssetComputeAuthenticationException(message) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = body, Attempts = attempts, Elapsed = elapsed },
            403 => new AssetComputeNotEntitledException(message) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = body, Attempts = attempts, Elapsed = elapsed },
            404 => new AssetComputeNotRegisteredException(message) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = body, Attempts = attempts, Elapsed = elapsed },
            429 => new AssetComputeThrottledException(message) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = body, Attempts = attempts, Elapsed = elapsed, RetryAfter = retryAfter },
            408 or >= 500 => new AssetComputeUnavailableException(message) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = body, Attempts = attempts, Elapsed = elapsed, RetryAfter = retryAfter },
            _ => new AssetComputeException(message) { StatusCode = status, RequestId = requestId, ErrorCode = errorCode, ResponseBody = body, Attempts = attempts, Elapsed = elapsed },
        };

    private static string Advice(HttpStatusCode status, string? errorCode, string? said, HttpOperation operation, HttpResponseMessage response)
    {
        if (GatewayCodes.Explain(errorCode) is { } explanation)
        {
            return explanation;
        }

        return (int)status switch
        {
            400 or 422 => "Correct the request; sending it again as it is cannot help.",
            401 => "The access token or the API key was not accepted: check the client id and its secrets.",
            403 => "The project is not entitled: add the Asset Compute, I/O Events and I/O Management APIs to it in the Developer Console.",
            404 when operation.Kind is OperationKind.ReadJournal => "There is no such journal: register again to get its present URL.",
            404 when said?.Contains("not registered") == true => "Call RegisterAsync first.",
            404 => "The client is not registered: call RegisterAsync first.",
            408 => "The service gave up waiting for the request.",
            413 => "The request is too large: give the source as a URL instead of a data URI.",
            415 => "The service did not take the body for JSON: check whether a handler or a proxy changes the headers.",
            429 => "The service asks for fewer requests.",
            >= 300 and < 400 => $"The redirect{Location(response)} was not followed, for it would carry the API key to another place: check the endpoint.",
            >= 500 => "The service, or a gateway before it, failed.",
            _ => "Neither the API nor its gateway documents this answer: check the endpoint, and the proxies on the way to it.",
        };
    }

    private static string Location(HttpResponseMessage response) =>
        response.Headers.Location is { } location ? " to " + RedactedText.Of(RedactedUrl.Of(location), 200) : "";

    private static string? ReasonOf(HttpResponseMessage response) =>
        string.IsNullOrWhiteSpace(response.ReasonPhrase) ? null : RedactedText.Of(response.ReasonPhrase, 100);

    private static void AppendFacts(StringBuilder message, string? requestId, string? errorCode, int attempts, TimeSpan elapsed, TimeSpan? retryAfter)
    {
        message.Append(FormattableString.Invariant($" ({attempts} {(attempts == 1 ? "attempt" : "attempts")} in {elapsed.TotalSeconds:0.0} s"));
        if (retryAfter is { } wait)
        {
            message.Append(FormattableString.Invariant($", retry after {wait.TotalSeconds:0.#} s"));
        }

        if (errorCode is not null)
        {
            message.Append(", code ").Append(errorCode);
        }

        if (requestId is not null)
        {
            message.Append(", request id ").Append(requestId);
        }

        message.Append(')');
    }
}
