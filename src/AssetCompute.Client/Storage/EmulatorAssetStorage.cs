using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client.Storage;

namespace AssetCompute.Client;

/// <summary>
/// The storage of an emulator (<c>AssetCompute.Emulator</c>), for tests and experiments. It has the same interface as the other storages, and needs no setup.
/// </summary>
/// <param name="endpoint">The address of the emulator, such as <c>http://127.0.0.1:8080/</c>.</param>
/// <exception cref="ArgumentException"><paramref name="endpoint"/> is null or not an absolute URL.</exception>
/// <remarks>It uses HTTP, so the emulator can run in this process or in another one.</remarks>
public sealed class EmulatorAssetStorage(Uri endpoint) : IAssetStorage, IDisposable
{
    private const int MaxParts = 1_000;

    private readonly Uri _endpoint = endpoint is { IsAbsoluteUri: true } ? endpoint
        : throw new ArgumentException("The endpoint must be an absolute URL, such as http://127.0.0.1:8080/.", nameof(endpoint));

    // The timeout includes the upload of a source, but not the download of a rendition.
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>How long URLs are valid unless the call specifies otherwise; over zero. Default: 2 hours.</summary>
    public TimeSpan UrlLifetime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// The maximum number of bytes that the service sends to one URL of a target with several parts; over 0, up to 100 MiB. Default: 100 MiB.
    /// </summary>
    public long PartSize { get; init; } = StorageTargetOptions.MaxPartSize;

    /// <inheritdoc/>
    public async Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(content);
        string url = await SignAsync(name, "write", lifetime: null, cancellationToken).ConfigureAwait(false);

        // The content would close the stream, which belongs to the caller.
        using HttpRequestMessage request = new(HttpMethod.Put, url) { Content = new StreamContent(new ObservedStream(content)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType ?? "application/octet-stream");
        using HttpResponseMessage response = await SendAsync(request, name, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        using HttpRequestMessage request = new(HttpMethod.Get, await SignAsync(name, "read", lifetime: null, cancellationToken).ConfigureAwait(false));
        HttpResponseMessage response = await SendAsync(request, name, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        Stream content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new StoredAsset(content, response.Content.Headers.ContentLength ?? 0, response.Content.Headers.ContentType?.ToString(), response);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return DeleteAsync(name, [name], cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return new Uri(await SignAsync(name, "read", lifetime, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalidForTarget(name);
        options ??= new StorageTargetOptions();
        if (options.MaxSize <= 0 || options.MaxSize > PartSize * MaxParts)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxSize, $"{nameof(options.MaxSize)} must be over 0, up to {PartSize * MaxParts} bytes: {MaxParts} parts.");
        }

        // Each target has new names, so that late writes to an older target are not taken for writes to this one.
        string folder = $"{name}.parts/{Guid.NewGuid():N}";
        string[] parts = [.. Enumerable.Range(0, (int)((options.MaxSize + PartSize - 1) / PartSize)).Select(part => $"{folder}/{part.ToString("D6", CultureInfo.InvariantCulture)}")];
        List<string> urls = [];
        foreach (string part in parts)
        {
            urls.Add(await SignAsync(part, "write", options.Lifetime, cancellationToken).ConfigureAwait(false));
        }

        return new Target(this, name, parts, new RenditionTarget(urls, Math.Min(PartSize, options.MaxSize)), options.ContentType);
    }

    /// <summary>Closes the connections to the emulator.</summary>
    public void Dispose() => _http.Dispose();

    private static JsonArray ToJson(string[] names) => new([.. names.Select(static name => JsonValue.Create(name))]);

    private async Task<string> SignAsync(string name, string permission, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        TimeSpan wanted = lifetime ?? UrlLifetime;
        if (wanted <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), wanted, "The lifetime of a URL must be over zero.");
        }

        JsonObject body = new() { ["name"] = name, ["permission"] = permission, ["lifetimeSeconds"] = wanted.TotalSeconds };
        return (string)(await PostAsync("emulator/urls", name, body, cancellationToken).ConfigureAwait(false))["url"]!;
    }

    private Task<JsonObject> DeleteAsync(string name, string[] names, CancellationToken cancellationToken) =>
        PostAsync("emulator/blobs/delete", name, new JsonObject { ["names"] = ToJson(names) }, cancellationToken);

    private async Task<JsonObject> PostAsync(string path, string name, JsonObject body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_endpoint, path)) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        using HttpResponseMessage response = await SendAsync(request, name, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, cancellationToken).ConfigureAwait(false)
            ?? throw new AssetStorageException($"The server at {RedactedUrl.Of(_endpoint)} is not an emulator: its answer is not a JSON object.");
    }

    /// <exception cref="AssetStorageException">The call was refused, or got no answer.</exception>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string name, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await _http.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                JsonObject? answer = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
                throw new AssetStorageException($"The emulator at {RedactedUrl.Of(_endpoint)} answered {(int)response.StatusCode} for '{name}': {answer?["error"]?.ToString() ?? "no reason was given"}")
                {
                    IsNotFound = response.StatusCode == HttpStatusCode.NotFound,
                    IsTransient = response.StatusCode >= HttpStatusCode.InternalServerError,
                    StatusCode = response.StatusCode,
                };
            }
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AssetStorageException($"The emulator at {RedactedUrl.Of(_endpoint)} does not answer for '{name}'. Is it running?", exception) { IsTransient = true };
        }
    }

    private static async Task<JsonObject?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A target whose parts are blobs, which are joined when it is completed.</summary>
    private sealed class Target(EmulatorAssetStorage storage, string name, string[] parts, RenditionTarget target, string? contentType) : StorageTarget(storage, name, target)
    {
        protected override async Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken)
        {
            JsonObject join = new() { ["name"] = Name, ["parts"] = ToJson(parts), ["contentType"] = contentType };
            long size = (long)(await storage.PostAsync("emulator/blobs/join", Name, join, cancellationToken).ConfigureAwait(false))["size"]!;
            if (size == 0)
            {
                // Joined by an earlier call whose answer was lost, or never written.
                using StoredAsset stored = await storage.OpenReadAsync(Name, cancellationToken).ConfigureAwait(false);
                size = stored.Length;
            }

            CheckSize(created, size);
        }

        protected override Task DiscardAsync(CancellationToken cancellationToken) => storage.DeleteAsync(Name, parts, cancellationToken);
    }
}
