using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// Fetches the files of a request: data URIs, and URLs as Adobe's worker does. It sends <c>HEAD</c> for size and type unless both are known, then <c>GET</c>
/// with a range. The response must declare the length of that range. Signed URLs of Amazon S3 allow only one method, so a <c>GET</c> of the first byte
/// replaces the <c>HEAD</c>.
/// </summary>
internal sealed class Downloader(HttpClient http, NetworkPolicy policy, EmulatorRenderingOptions options)
{
    private const int MaxRedirects = 5;

    /// <summary>Fetches a file and returns the declared media type.</summary>
    /// <exception cref="RenditionFailure">The URL is malformed or refused, or the file is too large.</exception>
    /// <exception cref="DownloadException">The download failed.</exception>
    public async Task<string> FetchAsync(JsonNode source, string path, CancellationToken cancellationToken)
    {
        var description = source as JsonObject;
        var url = source.StringOf() ?? description?["url"].StringOf() ?? "";
        var declaredType = description?["type"].StringOf() ?? description?["mimetype"].StringOf() ?? description?["mimeType"].StringOf();
        if (DataUri.Is(url))
        {
            var data = DataUri.Parse(url) ?? throw RenditionFailure.SourceCorrupt($"Invalid or missing data url {Shorten(url)}");
            CheckSize(data.Content.Length);
            await File.WriteAllBytesAsync(path, data.Content, cancellationToken).ConfigureAwait(false);
            return declaredType ?? data.MediaType;
        }

        if (!UrlText.TryParse(url, out var uri))
        {
            throw RenditionFailure.SourceUnsupported($"Invalid or missing https url {Shorten(url)}");
        }

        // The server runs in real time, regardless of the emulator's clock.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.TimeLimit);
        try
        {
            return await DownloadAsync(uri, declaredType, description, path, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException($"The download took more than {options.TimeLimit.TotalSeconds:0.###} seconds.");
        }
        catch (BlobTooLargeException)
        {
            throw TooLarge();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new DownloadException($"The download of '{uri.GetLeftPart(UriPartial.Path)}' failed: {exception.Message}", exception);
        }
    }

    private async Task<string> DownloadAsync(Uri url, string? declaredType, JsonObject? description, string path, CancellationToken cancellationToken)
    {
        var (type, size) = (declaredType, (long?)description?["size"].NumberOf());
        if (type is null || size is null)
        {
            var isAmazon = url.Host.Contains(".amazonaws.com", StringComparison.OrdinalIgnoreCase);
            using var probe = await SendAsync(isAmazon ? HttpMethod.Get : HttpMethod.Head, url, description, isAmazon ? new(0, 0) : null, cancellationToken).ConfigureAwait(false);
            size ??= probe.StatusCode == HttpStatusCode.PartialContent ? probe.Content.Headers.ContentRange?.Length : probe.Content.Headers.ContentLength;
            type ??= probe.Content.Headers.ContentType?.ToString();
        }

        CheckSize(size ?? 0);
        var range = size is > 0 ? new RangeHeaderValue(0, size - 1) : null;
        using var response = await SendAsync(HttpMethod.Get, url, description, range, cancellationToken).ConfigureAwait(false);
        if (range is not null && response.Content.Headers.ContentLength is var length && length != size)
        {
            throw new DownloadException($"GET '{url.GetLeftPart(UriPartial.Path)}' answered {(length is null ? "without a content-length" : $"{length} bytes")} where {size} were requested");
        }

        CheckSize(response.Content.Headers.ContentLength ?? 0);
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, useAsync: true);
        await BoundedCopy.ToAsync([body], file, options.MaxSourceBytes, cancellationToken).ConfigureAwait(false);
        return MediaTypes.IsVague(type)
            ? MediaTypes.OfFileName(description?["name"].StringOf() ?? url.AbsolutePath) ?? MediaTypes.Binary
            : type!;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, JsonObject? description, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        var at = url;
        for (var redirects = 0; ; redirects++)
        {
            var address = policy.AddressOf(at);
            if (policy.Refusal(address) is { } refusal)
            {
                throw RenditionFailure.SourceUnsupported($"Invalid or missing https url {Shorten(at.GetLeftPart(UriPartial.Path))}: {refusal}");
            }

            var response = await SendOnceAsync(method, address, description, range, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                at = (int)response.StatusCode is >= 300 and <= 399 && response.Headers.Location is { } location && redirects < MaxRedirects
                    ? new Uri(at, location)
                    : throw new DownloadException($"{method} '{at.GetLeftPart(UriPartial.Path)}' failed with status {(int)response.StatusCode}");
            }

            // The headers of the request, which may contain secrets, and the permission to fetch are valid for one host only.
            if (at.Host != url.Host)
            {
                throw RenditionFailure.SourceUnsupported($"The source redirects to another host ({at.Host}), which is refused.");
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri url, JsonObject? description, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Range = range;
        foreach (var (name, value) in description?["headers"] as JsonObject ?? [])
        {
            if (value.StringOf() is { } text && !request.Headers.TryAddWithoutValidation(name, text))
            {
                throw new DownloadException($"The source's header '{name}' cannot be sent.");
            }
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    private void CheckSize(long size)
    {
        if (size > options.MaxSourceBytes)
        {
            throw TooLarge();
        }
    }

    private RenditionFailure TooLarge() =>
        RenditionFailure.SourceUnsupported($"The source has more than {options.MaxSourceBytes} bytes, which is the emulator's limit.");

    private static string Shorten(string url) => url.Length <= 100 ? url : url[..100] + "…";
}
