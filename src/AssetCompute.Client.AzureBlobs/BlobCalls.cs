using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace AssetCompute.Client.AzureBlobs;

/// <summary>The calls of Azure's Blob service that are needed here, their failures as <see cref="AssetStorageException"/>.</summary>
internal sealed class BlobCalls
{
    // The oldest version that has everything used here, so that servers and emulators that lag behind know it.
    private const string Version = "2020-10-02";

    // An own call needs its SAS for the moment only.
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client;
    private readonly ContainerSas _sas;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public BlobCalls(HttpClient client, ContainerSas sas, int maxRetryAttempts, TimeProvider timeProvider)
    {
        _client = client;
        _sas = sas;
        ResiliencePipelineBuilder<HttpResponseMessage> builder = new() { TimeProvider = timeProvider };
        if (maxRetryAttempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = maxRetryAttempts,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxDelay = TimeSpan.FromSeconds(20),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static args => new ValueTask<bool>(
                    args.Outcome.Exception is HttpRequestException or TimeoutRejectedException || (args.Outcome.Result is { } response && IsTransient(response.StatusCode))),
                OnRetry = static args =>
                {
                    args.Outcome.Result?.Dispose();
                    return default;
                },
            });
        }

        _pipeline = builder.AddTimeout(s_attemptTimeout).Build();
    }

    public static string BlockUrl(string url, string id) => $"{url}&comp=block&blockid={Uri.EscapeDataString(id)}";

    public Task PutBlobAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        SendAsync(name, "store", static url => url, url =>
        {
            HttpRequestMessage request = new(HttpMethod.Put, url) { Content = new ReadOnlyMemoryContent(content) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
            return request;
        }, cancellationToken);

    public Task PutBlockAsync(string name, string id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        SendAsync(name, "store a block of", url => BlockUrl(url, id), url => new HttpRequestMessage(HttpMethod.Put, url) { Content = new ReadOnlyMemoryContent(content) }, cancellationToken);

    public Task PutBlockListAsync(string name, IEnumerable<string> ids, string? contentType, CancellationToken cancellationToken)
    {
        // The latest, committed or not: an answer may be lost, and the list is sent again after Azure has committed it. The ids carry a mark of their upload, so they are no other's blocks.
        XElement list = new("BlockList", ids.Select(static id => new XElement("Latest", id)));
        byte[] body = Encoding.UTF8.GetBytes(list.ToString(SaveOptions.DisableFormatting));
        return SendAsync(name, "commit the blocks of", static url => $"{url}&comp=blocklist", url =>
        {
            HttpRequestMessage request = new(HttpMethod.Put, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
            request.Headers.TryAddWithoutValidation("x-ms-blob-content-type", contentType ?? "application/octet-stream");
            return request;
        }, cancellationToken);
    }

    /// <summary>The blocks that are written and not committed, with their sizes in bytes.</summary>
    public async Task<Dictionary<string, long>> GetUncommittedAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // Read whole by each attempt, so that a body that breaks off is tried again.
            using HttpResponseMessage response = await GetAsync(
                name, "list the blocks of", static url => $"{url}&comp=blocklist&blocklisttype=uncommitted", HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            XElement list = await XElement.LoadAsync(body, LoadOptions.None, cancellationToken).ConfigureAwait(false);
            return list.Descendants("UncommittedBlocks").Elements("Block").ToDictionary(
                static block => (string)block.Element("Name")!,
                static block => long.Parse((string)block.Element("Size")!, CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
        }
        catch (AssetStorageException exception) when (exception.IsNotFound)
        {
            // Neither blocks nor a blob.
            return [];
        }
        catch (XmlException exception)
        {
            throw new AssetStorageException($"The container could not list the blocks of '{name}': its answer is no XML. Is it Azure that answers at this URL?", exception);
        }
    }

    public async Task<StoredAsset> OpenAsync(string name, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await GetAsync(name, "read", static url => url, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        try
        {
            Stream content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new StoredAsset(content, response.Content.Headers.ContentLength ?? throw new AssetStorageException($"The container does not say how long '{name}' is. Does the HTTP client decompress?"), response.Content.Headers.ContentType?.ToString(), response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(name, "remove", static url => url, static url => new HttpRequestMessage(HttpMethod.Delete, url), cancellationToken).ConfigureAwait(false);
        }
        catch (AssetStorageException exception) when (exception.IsNotFound)
        {
            // Removed already.
        }
    }

    private Task<HttpResponseMessage> GetAsync(string name, string action, Func<string, string> address, HttpCompletionOption completion, CancellationToken cancellationToken) =>
        ExecuteAsync(name, action, address, static url => new HttpRequestMessage(HttpMethod.Get, url), completion, cancellationToken);

    private async Task SendAsync(string name, string action, Func<string, string> address, Func<string, HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await ExecuteAsync(name, action, address, create, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> ExecuteAsync(
        string name, string action, Func<string, string> address, Func<string, HttpRequestMessage> create, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _pipeline.ExecuteAsync(
                async token =>
                {
                    // Each attempt with the SAS of the moment.
                    string url = await _sas.UrlOfAsync(name, s_soon, token).ConfigureAwait(false);
                    using HttpRequestMessage request = create(address(url));
                    request.Headers.Add("x-ms-version", Version);
                    return await _client.SendAsync(request, completion, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutRejectedException)
        {
            throw new AssetStorageException($"The container could not {action} '{name}': it did not answer ({exception.GetType().Name}).", exception) { IsTransient = true };
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Explain(name, action, response);
        }
    }

    private static AssetStorageException Explain(string name, string action, HttpResponseMessage response)
    {
        string code = response.Headers.TryGetValues("x-ms-error-code", out IEnumerable<string>? values) ? values.First() : "";
        string advice = response.StatusCode switch
        {
            HttpStatusCode.Forbidden => " Check the permissions of the SAS (docs/storage.md names them), its expiry, and the machine's clock.",
            HttpStatusCode.NotFound when code == "ContainerNotFound" => " Check the name of the container.",
            _ => "",
        };
        return new AssetStorageException($"The container could not {action} '{name}': it answered {(int)response.StatusCode} {code}.{advice}")
        {
            IsNotFound = response.StatusCode == HttpStatusCode.NotFound && code != "ContainerNotFound",
            IsTransient = IsTransient(response.StatusCode),
            StatusCode = response.StatusCode,
        };
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
