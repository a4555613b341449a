using System.Text.Json;

namespace AssetExport;

/// <summary>Marketo's access token: fetched once for all, and again shortly before it ends or when it is refused. The secret stands in the URL, so no error shows that.</summary>
internal sealed class MarketoToken(HttpClient http, string clientId, string clientSecret, TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private string? _value;
    private DateTimeOffset _end;

    /// <param name="refused">The token that was refused; null where none was.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<string> GetAsync(string? refused, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_value is null || _value == refused || timeProvider.GetUtcNow() >= _end)
            {
                await FetchAsync(cancellationToken);
            }

            return _value!;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        string url = $"/identity/oauth/token?grant_type=client_credentials&client_id={Uri.EscapeDataString(clientId)}&client_secret={Uri.EscapeDataString(clientSecret)}";
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            using HttpResponseMessage response = await http.GetAsync(url, limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw (int)response.StatusCode is 429 or >= 500
                    ? new DestinationBusyException($"Marketo's sign-in answered {(int)response.StatusCode}.", response.RetryAfter(timeProvider))
                    : new MarketoException($"Marketo's sign-in answered {(int)response.StatusCode}. Check ClientId and ClientSecret.");
            }

            using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(limit.Token));
            _value = answer.RootElement.GetProperty("access_token").GetString() ?? throw new MarketoException("Marketo's sign-in gave no token.");

            // In seconds. The last twentieth of its life is left out, so that no token ends on its way.
            _end = timeProvider.GetUtcNow() + TimeSpan.FromSeconds(answer.RootElement.GetProperty("expires_in").GetDouble() * 0.95);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new MarketoException("Marketo's sign-in gave an answer that holds no token.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DestinationBusyException($"Marketo's sign-in cannot be reached ({exception.GetType().Name}).");
        }
    }
}
