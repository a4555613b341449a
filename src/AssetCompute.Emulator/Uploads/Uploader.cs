using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// Uploads renditions as Adobe's worker does: one <c>PUT</c> with only a length and a type, or several parts whose sizes are calculated as in Adobe's worker.
/// Connection errors and 5xx are retried.
/// </summary>
internal sealed class Uploader(HttpClient http, NetworkPolicy policy, TimeProvider clock)
{
    private const long PreferredPartSize = 100L << 20;
    private const long MinimumPartSize = 10;
    private const int MaxParallelParts = 8;

    private static readonly SearchValues<char> UnsupportedInFileName = SearchValues.Create("[]{}&:\\?#|*%");
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan RetrySingleFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryPartsFor = TimeSpan.FromMinutes(15);

    public async Task UploadAsync(RenditionTask rendition, RenditionContent content, CancellationToken cancellationToken)
    {
        if (content.Length == 0)
        {
            throw RenditionFailure.Generic("Empty file");
        }

        // Without any URLs, Adobe's worker uploads nothing and reports success.
        Uri[] urls = [.. rendition.TargetUrls.Select(url => Check(rendition, url))];
        if (urls.Length == 0)
        {
            return;
        }

        CheckFileName(urls[0]);
        var target = rendition.Target as JsonObject;
        var parts = target is null ? [(0, content.Length)] : Cut(content.Length, urls.Length, target["maxPartSize"].NumberOf(), rendition.FileName);
        if (parts[0].Length > PreferredPartSize)
        {
            throw RenditionFailure.Generic($"A body of {parts[0].Length} bytes is too large, not supported yet");
        }

        await Parallel.ForEachAsync(
            parts.Zip(urls),
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallelParts, CancellationToken = cancellationToken },
            async (part, token) => await PutAsync(rendition, part.Second, content, part.First, target, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Splits a rendition into parts for the URLs of a target.</summary>
    /// <exception cref="RenditionFailure">The rendition doesn't fit into the parts for the URLs.</exception>
    private static List<(long Offset, long Length)> Cut(long size, int urls, double? maxPartSize, string fileName)
    {
        var most = maxPartSize >= 1 ? (long)maxPartSize.Value : throw RenditionFailure.Generic("'target.maxPartSize' must be a positive number");
        var smallest = Math.Max((size + urls - 1) / urls, Math.Min(MinimumPartSize, most));
        if (smallest > most)
        {
            throw RenditionFailure.TooLarge(fileName, size);
        }

        var partSize = Math.Clamp(PreferredPartSize, smallest, most);
        List<(long Offset, long Length)> parts = [];
        for (long offset = 0; offset < size; offset += partSize)
        {
            parts.Add((offset, Math.Min(partSize, size - offset)));
        }

        return parts;
    }

    private async Task PutAsync(RenditionTask rendition, Uri url, RenditionContent content, (long Offset, long Length) part, JsonObject? target, CancellationToken cancellationToken)
    {
        var retryFor = target is null ? RetrySingleFor : RetryPartsFor;
        var started = clock.GetTimestamp();
        for (var delay = FirstDelay; ; delay *= 2)
        {
            string failure;
            try
            {
                using var response = await PutOnceAsync(url, content, part, target?["multipartHeaders"] as JsonObject, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }

                if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge)
                {
                    throw RenditionFailure.TooLarge(rendition.FileName, content.Length);
                }

                failure = $"PUT '{url.GetLeftPart(UriPartial.Path)}' failed with status {(int)response.StatusCode}";
                if ((int)response.StatusCode < 500)
                {
                    throw RenditionFailure.Generic(failure);
                }
            }
            catch (HttpRequestException exception)
            {
                failure = $"PUT '{url.GetLeftPart(UriPartial.Path)}' failed: {exception.Message}";
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failure = $"PUT '{url.GetLeftPart(UriPartial.Path)}' failed: no answer within {Patience.TotalSeconds:0} seconds";
            }

            if (clock.GetElapsedTime(started) + delay >= retryFor)
            {
                throw RenditionFailure.Generic(failure);
            }

            await Task.Delay(delay + TimeSpan.FromMilliseconds(Random.Shared.Next(100)), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> PutOnceAsync(Uri url, RenditionContent content, (long Offset, long Length) part, JsonObject? headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url);
        request.Content = new PartContent(content, part.Offset, part.Length);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(content.ContentType);
        foreach (var (name, value) in headers ?? [])
        {
            if (value.StringOf() is { } text && !request.Headers.TryAddWithoutValidation(name, text))
            {
                request.Content.Headers.TryAddWithoutValidation(name, text);
            }
        }

        // The server runs in real time, regardless of the emulator's clock.
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
    }

    private Uri Check(RenditionTask rendition, string? target)
    {
        if (!UrlText.TryParse(target, out var url))
        {
            throw RenditionFailure.Generic($"rendition[{rendition.Index}].target is not a valid https url");
        }

        var address = policy.AddressOf(url);
        return policy.Refusal(address) is { } refusal
            ? throw RenditionFailure.Generic($"rendition[{rendition.Index}].target is not a valid https url: {refusal}")
            : address;
    }

    private static void CheckFileName(Uri url)
    {
        var name = Uri.UnescapeDataString(url.AbsolutePath[(url.AbsolutePath.LastIndexOf('/') + 1)..]);
        if (name.AsSpan().ContainsAny(UnsupportedInFileName))
        {
            throw RenditionFailure.Generic($"Filename '{name}' has unsupported characters");
        }
    }
}
