using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Uploads renditions as Adobe's worker does: by one <c>PUT</c>, or in parts whose sizes it calculates. Connection errors and 5xx are retried.</summary>
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
        for (var delay = FirstDelay; await TryPutAsync(rendition, url, content, part, target, cancellationToken).ConfigureAwait(false) is { } failure; delay *= 2)
        {
            if (clock.GetElapsedTime(started) + delay >= retryFor)
            {
                throw RenditionFailure.Generic(failure);
            }

            await Task.Delay(delay + TimeSpan.FromMilliseconds(Random.Shared.Next(100)), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Uploads a part once.</summary>
    /// <returns>The failure, if the upload may succeed later; null after success.</returns>
    private async Task<string?> TryPutAsync(RenditionTask rendition, Uri url, RenditionContent content, (long Offset, long Length) part, JsonObject? target, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url);
        request.Content = new PartContent(content, part.Offset, part.Length);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(content.ContentType);
        foreach (var (name, value) in target?["multipartHeaders"] as JsonObject ?? [])
        {
            if (value.StringOf() is { } text && !request.Headers.TryAddWithoutValidation(name, text))
            {
                request.Content.Headers.TryAddWithoutValidation(name, text);
            }
        }

        // The server runs in real time, regardless of the emulator's clock.
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var failed = $"PUT '{url.GetLeftPart(UriPartial.Path)}' failed";
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return (int)response.StatusCode switch
            {
                < 300 => null,
                413 => throw RenditionFailure.TooLarge(rendition.FileName, content.Length),
                < 500 => throw RenditionFailure.Generic($"{failed} with status {(int)response.StatusCode}"),
                _ => $"{failed} with status {(int)response.StatusCode}",
            };
        }
        catch (HttpRequestException exception)
        {
            return $"{failed}: {exception.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{failed}: no answer within {Patience.TotalSeconds:0} seconds";
        }
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
