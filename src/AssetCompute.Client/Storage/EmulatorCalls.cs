using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client.Http;

namespace AssetCompute.Client.Storage;

/// <summary>HTTP calls of an emulator. Their failures are an <see cref="AssetStorageException"/>.</summary>
internal sealed class EmulatorCalls(Uri endpoint, TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(100);

    // A body takes as long as it takes; every call has the caller's token.
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _http.Dispose();

    public async Task<JsonObject> PostAsync(string path, string name, JsonObject body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(endpoint, path)) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        using HttpResponseMessage response = await SendAsync(request, name, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, cancellationToken).ConfigureAwait(false)
            ?? throw new AssetStorageException($"What answers at {RedactedUrl.Of(endpoint)} is no emulator: its answer is no JSON object.");
    }

    /// <exception cref="AssetStorageException">The call was refused, or there is no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string name, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        using CancellationTokenSource timeout = timeProvider.CreateCancellationTokenSource(request.Method == HttpMethod.Put ? Timeout.InfiniteTimeSpan : s_answerTimeout);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AssetStorageException($"The emulator at {RedactedUrl.Of(endpoint)} did not answer for '{name}' within {s_answerTimeout}.", exception) { IsTransient = true };
        }
        catch (HttpRequestException exception)
        {
            throw new AssetStorageException($"The emulator at {RedactedUrl.Of(endpoint)} cannot be reached for '{name}'. Is it running?", exception) { IsTransient = true };
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            JsonObject? answer = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            throw new AssetStorageException($"The emulator at {RedactedUrl.Of(endpoint)} answered {(int)response.StatusCode} for '{name}': {answer?["error"]?.ToString() ?? "no reason was given"}")
            {
                IsNotFound = response.StatusCode == HttpStatusCode.NotFound,
                IsTransient = response.StatusCode >= HttpStatusCode.InternalServerError,
                StatusCode = response.StatusCode,
            };
        }
    }

    private async Task<JsonObject?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using BoundedContent body = await BoundedContent.ReadAsync(response, timeProvider, cancellationToken).ConfigureAwait(false);
            return JsonNode.Parse(await body.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (BrokenBodyException exception)
        {
            throw new AssetStorageException($"The answer of the emulator at {RedactedUrl.Of(endpoint)} broke off.", exception) { IsTransient = true };
        }
    }
}
