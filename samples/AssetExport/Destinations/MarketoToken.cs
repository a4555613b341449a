using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetExport;

/// <summary>Marketo's access token, shared by all calls. Errors never include the URL, which contains the secret.</summary>
internal sealed class MarketoToken(DestinationHttp http, string clientId, string clientSecret, TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private string? _value;
    private DateTimeOffset _end;

    /// <param name="refused">The token that was refused; null if none was.</param>
    public async Task<string> GetAsync(string? refused, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_value is null || _value == refused || timeProvider.GetUtcNow() >= _end)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, $"/identity/oauth/token?grant_type=client_credentials&client_id={Uri.EscapeDataString(clientId)}&client_secret={Uri.EscapeDataString(clientSecret)}");
                Answer answer = await http.SendAsync(request, ReadAsync, cancellationToken);

                // The last twentieth of its lifetime is not used, so that no token expires in transit.
                _value = answer.Token;
                _end = timeProvider.GetUtcNow() + TimeSpan.FromSeconds(answer.Seconds * 0.95);
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

    private static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw (int)response.StatusCode >= 500
                ? new DestinationBusyException($"Marketo's sign-in answered {(int)response.StatusCode}.")
                : new MarketoException($"Marketo's sign-in answered {(int)response.StatusCode}. Check ClientId and ClientSecret.");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(await response.Content.ReadAsStreamAsync(cancellationToken), MarketoJson.Default.Answer, cancellationToken) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new MarketoException("Marketo's sign-in returned no token.", exception);
        }
    }

    internal sealed record Answer([property: JsonPropertyName("access_token")] string Token, [property: JsonPropertyName("expires_in")] double Seconds);
}
