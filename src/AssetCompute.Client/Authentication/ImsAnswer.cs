using System.Diagnostics;
using System.Text.Json;

namespace AssetCompute.Client.Authentication;

/// <summary>What the identity service answered, whatever shape it has.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class ImsAnswer
{
    private const int LongestText = 300;

    private ImsAnswer(int status) => Status = status;

    public int Status { get; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? AccessToken { get; private set; }

    /// <summary>In the endpoint's own unit.</summary>
    public double? ExpiresIn { get; private set; }

    /// <summary>As it came: for comparison only.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? Error { get; private set; }

    /// <summary>As it came: for comparison only.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ErrorDescription { get; private set; }

    /// <summary>Fit for a message.</summary>
    public string? ShownError { get; private set; }

    /// <summary>Fit for a message.</summary>
    public string? ShownDescription { get; private set; }

    public string? DebugId { get; private set; }

    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>True where the same request may succeed later.</summary>
    public bool IsTransient => Status is 408 or 429 or >= 500;

    /// <summary>Reads an answer, and takes out of its texts what must not be shown.</summary>
    /// <param name="response">The answer, its body buffered.</param>
    /// <param name="secrets">What the request held: an answer that repeats it must not carry it into a log.</param>
    /// <param name="now">For a <c>Retry-After</c> that is a date.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<ImsAnswer> ReadAsync(
        HttpResponseMessage response, IEnumerable<string> secrets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = new ImsAnswer((int)response.StatusCode)
        {
            RetryAfter = ReadRetryAfter(response, now),
        };

        var redaction = new Redaction(secrets);
        if (response.Headers.TryGetValues("X-Debug-Id", out IEnumerable<string>? ids))
        {
            answer.DebugId = redaction.Of(ids.FirstOrDefault(), LongestText);
        }

        byte[] body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        answer.ReadBody(body, redaction);
        return answer;
    }

    /// <summary>Status and error; never the token.</summary>
    public override string ToString() => (ShownError, ShownDescription) switch
    {
        (null, null) => $"{Status}",
        (null, { } description) => $"{Status}: {description}",
        ({ } error, null) => $"{Status} {error}",
        ({ } error, { } description) => $"{Status} {error}: {description}",
    };

    private static TimeSpan? ReadRetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => null,
        };

        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
#if NETSTANDARD2_0
        cancellationToken.ThrowIfCancellationRequested();
        return response.Content.ReadAsByteArrayAsync();
#else
        return response.Content.ReadAsByteArrayAsync(cancellationToken);
#endif
    }

    private void ReadBody(byte[] body, Redaction redaction)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            AccessToken = Text(document.RootElement, "access_token");
            ExpiresIn = WireNumber.Read(document.RootElement, "expires_in");
            Error = Text(document.RootElement, "error");
            ErrorDescription = Text(document.RootElement, "error_description");
            ShownError = redaction.Of(Error, LongestText);
            ShownDescription = redaction.Of(ErrorDescription, LongestText);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A gateway in between answers in HTML, or in half of a surrogate pair: the status is all there is to say.
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
