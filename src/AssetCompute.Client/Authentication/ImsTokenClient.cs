using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Asks Adobe's identity service for a token, once: what may be tried again has been, by the handlers of the HTTP client.
/// </summary>
internal sealed class ImsTokenClient(Func<HttpClient> createClient, TimeProvider time, ILogger logger)
{
    private const int LargestAnswer = 1024 * 1024;

    /// <summary>A new token.</summary>
    /// <exception cref="AssetComputeAuthenticationException">No token can be had.</exception>
    public async Task<CachedAccessToken> RequestAsync(ImsCredentials credentials, CancellationToken cancellationToken)
    {
        credentials.Check();
        for (int index = 0; ; index++)
        {
            // Before the request, so that the time it takes comes off the token's life.
            DateTimeOffset asked = time.GetUtcNow();
            ImsAnswer answer = await SendAsync(credentials, credentials.ClientSecrets[index], asked, cancellationToken).ConfigureAwait(false);
            if (answer is { Status: 200, AccessToken: { } value })
            {
                return Accept(credentials, answer, value, asked);
            }

            bool next = credentials.IsSecretRefused(answer) && index + 1 < credentials.ClientSecrets.Count;
            if (!next)
            {
                throw Refused(credentials, answer);
            }

            AuthenticationLog.SecretRefused(logger, credentials.Identity.ClientId, index + 1, credentials.ClientSecrets.Count);
        }
    }

    private static AssetComputeAuthenticationException Refused(ImsCredentials credentials, ImsAnswer answer)
    {
        string debugId = answer.DebugId is null ? "" : $" (debug id {answer.DebugId})";
        string message = answer switch
        {
            { Status: 200 } => $"The identity service answered 200 without an access token{debugId}.",
            { IsTransient: true } => $"The identity service is not available to the {credentials}: {answer}{debugId}.",
            _ => $"The identity service refused the {credentials}: {answer}{debugId}. {credentials.Advice(answer)}".TrimEnd(),
        };

        return new AssetComputeAuthenticationException(message)
        {
            StatusCode = (System.Net.HttpStatusCode)answer.Status,
            Error = answer.ShownError,
            ErrorDescription = answer.ShownDescription,
            DebugId = answer.DebugId,
            RetryAfter = answer.RetryAfter,
            IsTransient = answer.IsTransient || answer.Status == 200,
        };
    }

    private CachedAccessToken Accept(ImsCredentials credentials, ImsAnswer answer, string value, DateTimeOffset asked)
    {
        (TimeSpan lifetime, bool plausible) = TokenLifetime.Of(answer.ExpiresIn, credentials.ExpiresInUnit, value, asked);
        if (!plausible)
        {
            AuthenticationLog.ImplausibleLifetime(logger, credentials.Identity.ClientId, answer.ExpiresIn, lifetime);
        }

        if (lifetime <= TimeSpan.Zero)
        {
            throw new AssetComputeAuthenticationException(
                $"The identity service gave a token to the {credentials}, but not for how long it is good: 'expires_in' is missing or not over 0.")
            {
                DebugId = answer.DebugId,
                IsTransient = true,
            };
        }

        if (!HeaderText.IsVisibleAscii(value))
        {
            throw new AssetComputeAuthenticationException(
                $"The identity service gave the {credentials} an access token that cannot stand in an HTTP header.")
            {
                DebugId = answer.DebugId,
                IsTransient = true,
            };
        }

        var token = new AccessToken(value, asked + lifetime) { Identity = credentials.Identity };
        return new CachedAccessToken(token, lifetime, credentials.TokenKey);
    }

    private static List<string> SecretsOf(IReadOnlyList<KeyValuePair<string, string>> form)
    {
        List<string> secrets = [];
        foreach (KeyValuePair<string, string> field in form)
        {
            if (field.Key is "client_secret" or "jwt_token")
            {
                secrets.Add(field.Value);
            }
        }

        return secrets;
    }

    private async Task<ImsAnswer> SendAsync(ImsCredentials credentials, string secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyValuePair<string, string>> form = credentials.CreateForm(secret, now);
        using HttpClient client = createClient();
        client.MaxResponseContentBufferSize = LargestAnswer;
        using var request = new HttpRequestMessage(HttpMethod.Post, credentials.TokenUri);
        request.Content = new FormUrlEncodedContent(form);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return await ImsAnswer.ReadAsync(response, SecretsOf(form), time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not AssetComputeException)
        {
            string what = exception is OperationCanceledException or TimeoutException ? "did not answer in time" : "could not be reached";
            throw new AssetComputeAuthenticationException($"The identity service {what}: no token for the {credentials}.", exception)
            {
                IsTransient = true,
            };
        }
    }
}
