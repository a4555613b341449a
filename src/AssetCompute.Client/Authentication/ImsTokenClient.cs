using System.Globalization;
using System.Net;
using System.Text.Json;
using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly.Timeout;

namespace AssetCompute.Client.Authentication;

/// <summary>Requests access tokens from Adobe's identity service (IMS). The handlers of its HTTP client retry, and read at most 64 kB of an answer.</summary>
internal sealed class ImsTokenClient(Func<HttpClient> createClient, TimeProvider time, ILogger logger)
{
    private const int MaxTextLength = 300;

    // Adobe's tokens are valid for 24 hours. A longer lifetime is accepted only if the token itself contains it.
    private static readonly TimeSpan s_maxLifetime = TimeSpan.FromHours(24);

    // A clock may be ahead of Adobe's by this much before the age of a new token counts.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(1);

    private volatile bool _hasSucceeded;

    /// <summary>Requests a token, with each client secret in turn until one is accepted.</summary>
    /// <exception cref="AssetComputeAuthenticationException">A token could not be obtained.</exception>
    public async Task<AccessToken> RequestAsync(ImsCredentials credentials, CancellationToken cancellationToken)
    {
        credentials.Check();
        for (int index = 0; ; index++)
        {
            // Read before the request, so that the duration of the request counts against the lifetime of the token.
            DateTimeOffset now = time.GetUtcNow();
            IReadOnlyList<KeyValuePair<string, string>> form = credentials.CreateForm(credentials.ClientSecrets[index], now);
            using HttpResponseMessage response = await SendAsync(credentials, form, cancellationToken).ConfigureAwait(false);
            using JsonDocument? document = Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            JsonElement answer = document?.RootElement ?? default;
            string? value = response.StatusCode == HttpStatusCode.OK ? answer.Text("access_token"u8) : null;
            TimeSpan lifetime = value is null ? TimeSpan.Zero : LifetimeOf(value, Number(answer, "expires_in"u8), credentials, now);
            if (lifetime > TimeSpan.Zero && HeaderText.IsVisibleAscii(value!))
            {
                _hasSucceeded = true;
                return new AccessToken(value!, now + lifetime) { Identity = credentials.Identity };
            }

            ImsError error = new((int)response.StatusCode, answer.Text("error"u8), answer.Text("error_description"u8));
            if (!credentials.IsSecretRefused(error) || index + 1 == credentials.ClientSecrets.Count)
            {
                string problem = value is null ? "without an access token: check ImsEndpoint, and the proxies on the way"
                    : lifetime <= TimeSpan.Zero ? "without the lifetime of its token: 'expires_in' is missing or not positive"
                    : "with an access token that is not allowed in an HTTP header";
                throw Refused(credentials, error, problem, response, [value ?? "", .. form.Where(static field => field.Key is "client_secret" or "jwt_token").Select(static field => field.Value)]);
            }

            ClientLog.SecretRefused(logger, credentials.Identity.ClientId, index + 1, credentials.ClientSecrets.Count);
        }
    }

    /// <summary>Sends the request. The body of the response has been read.</summary>
    private async Task<HttpResponseMessage> SendAsync(ImsCredentials credentials, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        using HttpClient client = createClient();
        using HttpRequestMessage request = new(HttpMethod.Post, credentials.TokenUri) { Content = new FormUrlEncodedContent(form) };
        try
        {
            return await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (AssetComputeException exception)
        {
            throw new AssetComputeAuthenticationException(exception.Message, exception) { StatusCode = exception.StatusCode };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            bool isTimeout = exception is OperationCanceledException or TimeoutException or TimeoutRejectedException;
            string emulator = !isTimeout && credentials.TokenUri.IsLoopback ? " Is the emulator running?" : "";
            throw new AssetComputeAuthenticationException(
                $"The identity service {(isTimeout ? "did not answer in time" : "could not be reached")}: there is no token for the {credentials}.{emulator}", exception)
            {
                IsTransient = true,
            };
        }
    }

    /// <summary>Parses the JSON in the body. Returns null if the body is not JSON: gateways answer in HTML.</summary>
    private static JsonDocument? Parse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(JsonFields.WithoutByteOrderMark(body));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private AssetComputeAuthenticationException Refused(ImsCredentials credentials, ImsError error, string problem, HttpResponseMessage response, IReadOnlyList<string> secrets)
    {
        string? code = RedactedText.Of(error.Code, MaxTextLength, secrets);
        string? description = RedactedText.Of(error.Description, MaxTextLength, secrets);
        string? debugId = response.Headers.TryGetValues("X-Debug-Id", out IEnumerable<string>? ids) ? RedactedText.Of(ids.FirstOrDefault(), MaxTextLength, secrets) : null;
        string answer = $"{error.Status}{(code is null ? "" : " " + code)}{(description is null ? "" : ": " + description)}{(debugId is null ? "" : $" (debug id {debugId})")}";

        // For a retired credential, the service answers like during an outage. A credential that has worked before is not retired.
        bool isRetired = error.IsTransient && !_hasSucceeded && credentials.IsRetired(error);
        string message = error switch
        {
            { Status: 200 } => $"The identity service answered {answer} {problem} ({credentials}).",
            { IsTransient: true } when !isRetired => $"The identity service is not available to the {credentials}: {answer}.",
            _ => $"The identity service refused the {credentials}: {answer}. {credentials.GetAdvice(error)}".TrimEnd(),
        };

        return new AssetComputeAuthenticationException(message)
        {
            StatusCode = response.StatusCode,
            ErrorCode = code,
            ErrorDescription = description,
            DebugId = debugId,
            RetryAfter = RetryAfter.Of(response, time),
            IsTransient = (error.IsTransient && !isRetired) || error.Status == 200,
        };
    }

    /// <returns>The remaining lifetime; zero or less if it is unknown.</returns>
    private TimeSpan LifetimeOf(string token, double? expiresIn, ImsCredentials credentials, DateTimeOffset now)
    {
        // The two endpoints use different units: with the wrong one, a token would seem valid for a thousand days, and fail tomorrow. So the value is compared
        // with the content of the token. A value of about a thousandth of the lifetime, or above the remaining lifetime, has the other unit or is wrong.
        double said = Math.Max(0, expiresIn * credentials.ExpiresInUnit.TotalMilliseconds ?? 0);
        (double Life, double Left)? own = ReadLifetime(token, now);
        double longest = own?.Left ?? s_maxLifetime.TotalMilliseconds;
        bool isPlausible = said <= longest * 1.01 && (own is not { Life: double life } || (said > 0 && said * 1000 / life is not (> 0.99 and < 1.01)));
        var lifetime = TimeSpan.FromMilliseconds(isPlausible ? Math.Min(said, longest) : longest);
        if (!isPlausible)
        {
            ClientLog.ImplausibleLifetime(logger, credentials.Identity.ClientId, expiresIn, lifetime);
        }

        return lifetime;
    }

    /// <summary>Reads the token's own <c>expires_in</c>, and what is left of it after its <c>created_at</c>, in milliseconds. Null for an opaque token.</summary>
    private static (double Life, double Left)? ReadLifetime(string token, DateTimeOffset now)
    {
        if (token.Split('.') is not [_, string payload, _])
        {
            return null;
        }

        try
        {
            string base64 = payload.Replace('-', '+').Replace('_', '/');
            using var claims = JsonDocument.Parse(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '=')));
            if (Number(claims.RootElement, "expires_in"u8) is not (> 0 and < 1e12 and { } life))
            {
                return null;
            }

            double age = Number(claims.RootElement, "created_at"u8) is > 0 and < 1e14 and { } createdAt ? now.ToUnixTimeMilliseconds() - createdAt : 0;

            // Outside these limits, the clock of this machine is wrong.
            return (life, age > s_clockSkew.TotalMilliseconds && age < life ? life - age : life);
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a number that Adobe writes as a number or as a string.</summary>
    private static double? Number(JsonElement json, ReadOnlySpan<byte> name)
    {
        string? text = json.Value(name, JsonValueKind.Number)?.GetRawText() ?? json.Text(name);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !double.IsNaN(number) && !double.IsInfinity(number) ? number : null;
    }
}
