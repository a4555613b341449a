using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Client.Storage;

/// <summary>HTTP calls of an emulator, their failures as <see cref="AssetStorageException"/>.</summary>
internal sealed class EmulatorCalls(Uri endpoint, TimeProvider timeProvider) : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(100);

    // Bodies take what time they take; every call has the caller's token.
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _http.Dispose();

    public async Task<JsonObject> PostAsync(string path, string name, JsonObject body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(endpoint, path)) { Content = new ByteArrayContent(ToBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await SendAsync(request, name, cancellationToken).ConfigureAwait(false);
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await ReadAsync(stream, cancellationToken).ConfigureAwait(false)
            ?? throw new AssetStorageException($"What answers at {RedactedUrl.Of(endpoint)} is no emulator: its answer is no JSON object.");
    }

    /// <exception cref="AssetStorageException">The answer's status is not a good one, or there is none.</exception>
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
            using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            JsonObject? answer = await ReadAsync(stream, cancellationToken).ConfigureAwait(false);
            throw new AssetStorageException($"The emulator at {RedactedUrl.Of(endpoint)} answered {(int)response.StatusCode} for '{name}': {answer?["error"]?.ToString() ?? "no reason was given"}")
            {
                IsNotFound = response.StatusCode == HttpStatusCode.NotFound,
                IsTransient = response.StatusCode >= HttpStatusCode.InternalServerError,
                StatusCode = response.StatusCode,
            };
        }
    }

    private static async Task<JsonObject?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxAnswerBytes];
        int length = 0;
        int read;
        while (length < buffer.Length && (read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
        {
            length += read;
        }

        try
        {
            return JsonNode.Parse(buffer.AsSpan(0, length)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] ToBytes(JsonObject body)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            body.WriteTo(writer);
        }

        return stream.ToArray();
    }
}
