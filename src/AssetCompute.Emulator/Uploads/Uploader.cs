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

        if (rendition.Target is JsonObject { } target)
        {
            await UploadPartsAsync(rendition, target, content, cancellationToken).ConfigureAwait(false);
            return;
        }

        var url = Check(rendition, rendition.Target.StringOf());
        CheckFileName(url);
        CheckPartSize(content.Length);
        await PutAsync(rendition, url, content, new(0, content.Length), null, RetrySingleFor, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Splits a rendition into parts for the URLs of a target. Returns the offset and length of each part, in order.</summary>
    /// <exception cref="RenditionFailure">The rendition doesn't fit into the parts for the URLs.</exception>
    public static IReadOnlyList<UploadPart> Cut(long size, int urls, double maxPartSize, string fileName)
    {
        var most = (long)maxPartSize;
        var smallest = Math.Max((size + urls - 1) / urls, Math.Min(MinimumPartSize, most));
        if (smallest > most)
        {
            throw RenditionFailure.TooLarge(fileName, size);
        }

        var partSize = Math.Clamp(PreferredPartSize, smallest, most);
        var parts = new List<UploadPart>();
        for (long offset = 0; offset < size; offset += partSize)
        {
            parts.Add(new(offset, Math.Min(partSize, size - offset)));
        }

        return parts;
    }

    private async Task UploadPartsAsync(RenditionTask rendition, JsonObject target, RenditionContent content, CancellationToken cancellationToken)
    {
        // Without any URLs, Adobe's worker uploads nothing and reports success.
        if (target["urls"] is not JsonArray { Count: > 0 } array)
        {
            return;
        }

        var urls = array.Select(url => Check(rendition, url.StringOf())).ToArray();
        CheckFileName(urls[0]);
        if (target["maxPartSize"].NumberOf() is not (>= 1 and var maxPartSize))
        {
            throw RenditionFailure.Generic("'target.maxPartSize' must be a positive number");
        }

        var parts = Cut(content.Length, urls.Length, Math.Min(maxPartSize, long.MaxValue / 2), rendition.FileName);
        CheckPartSize(parts[0].Length);
        await Parallel.ForEachAsync(
            parts.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallelParts, CancellationToken = cancellationToken },
            async (part, token) => await PutAsync(rendition, urls[part.Index], content, part.Item, target["multipartHeaders"] as JsonObject, RetryPartsFor, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task PutAsync(RenditionTask rendition, Uri url, RenditionContent content, UploadPart part, JsonObject? headers, TimeSpan retryFor, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var delay = FirstDelay; ; delay *= 2)
        {
            string failure;
            try
            {
                using var response = await PutOnceAsync(url, content, part, headers, cancellationToken).ConfigureAwait(false);
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

    private async Task<HttpResponseMessage> PutOnceAsync(Uri url, RenditionContent content, UploadPart part, JsonObject? headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url);
        request.Content = new PartContent(content, part);
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

    private static void CheckPartSize(long size)
    {
        if (size > PreferredPartSize)
        {
            throw RenditionFailure.Generic($"A body of {size} bytes is too large, not supported yet");
        }
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
