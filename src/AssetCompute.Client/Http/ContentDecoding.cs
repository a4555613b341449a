using System.IO.Compression;

namespace AssetCompute.Client.Http;

/// <summary>
/// Decodes what the connection has left encoded. It removes the encodings that it knows from the header, but does not know <c>x-gzip</c>, the older name of <c>gzip</c>.
/// </summary>
internal static class ContentDecoding
{
    /// <summary>Decodes the body of a response when it is read.</summary>
    /// <returns>The encoding that cannot be decoded, or null.</returns>
    public static async ValueTask<string?> DecodeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content is not { } content)
        {
            return null;
        }

        string[] encodings = [.. content.Headers.ContentEncoding.Where(static encoding => !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))];
        if (encodings.Length == 0)
        {
            return null;
        }

        if (encodings.Length > 1 || encodings[0].ToUpperInvariant() is not ("GZIP" or "X-GZIP"))
        {
            return string.Join(", ", content.Headers.ContentEncoding);
        }

        Stream encoded = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        response.Content = new StreamContent(new GZipStream(encoded, CompressionMode.Decompress));
        AttemptHandler.CopyHeaders(content.Headers, response.Content.Headers);
        response.Content.Headers.ContentEncoding.Clear();
        response.Content.Headers.ContentLength = null;
        return null;
    }
}
