using System.Text.Json;

namespace AssetExport;

/// <summary>
/// Marketo's access token. It is fetched once for all calls, and again shortly before it expires or when it is refused. The URL contains the secret, so errors
/// never include the URL.
/// </summary>
internal sealed class MarketoToken(DestinationHttp http, string clientId, string clientSecret, TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private string? _value;
    private DateTimeOffset _end;

    /// <param name="refused">The token that was refused; null if none was.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<string> GetAsync(string? refused, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_value is null || _value == refused || timeProvider.GetUtcNow() >= _end)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, $"/identity/oauth/token?grant_type=client_credentials&client_id={Uri.EscapeDataString(clientId)}&client_secret={Uri.EscapeDataString(clientSecret)}");
                (_value, double seconds) = await http.SendAsync(request, ReadAsync, cancellationToken);

                // The last twentieth of its lifetime is not used, so that no token expires in transit.
                _end = timeProvider.GetUtcNow() + TimeSpan.FromSeconds(seconds * 0.95);
            }

            return _value;
        }
        catch (Exception exception) when (exception is TimeoutException || (exception is IOException and not MarketoException))
        {
            throw new DestinationBusyException($"Marketo's sign-in cannot be reached: {exception.Message}");
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private static async Task<(string Token, double Seconds)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw (int)response.StatusCode >= 500
                ? new DestinationBusyException($"Marketo's sign-in answered {(int)response.StatusCode}.")
                : new MarketoException($"Marketo's sign-in answered {(int)response.StatusCode}. Check ClientId and ClientSecret.");
        }

        try
        {
            using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return (answer.RootElement.GetProperty("access_token").GetString() ?? throw new KeyNotFoundException(), answer.RootElement.GetProperty("expires_in").GetDouble());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new MarketoException("Marketo's sign-in returned no token.", exception);
        }
    }
}
