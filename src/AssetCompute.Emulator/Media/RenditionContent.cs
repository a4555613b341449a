using System.Security.Cryptography;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>A finished rendition, in a file of the job's folder or in memory.</summary>
/// <param name="MediaType">The media type, without a charset.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="OpenRead">Opens the rendition for reading from the start.</param>
internal sealed record RenditionContent(string MediaType, long Length, Func<Stream> OpenRead)
{
    /// <summary>The charset of a text; <see langword="null"/> for anything else.</summary>
    public string? Charset { get; private init; }

    /// <summary>The size of an image; <see langword="null"/> for anything else.</summary>
    public PixelSize? Pixels { get; init; }

    /// <summary>The <c>content-type</c> of an upload.</summary>
    public string ContentType => Charset is null ? MediaType : $"{MediaType}; charset={Charset}";

    public static RenditionContent OfFile(string path, string mediaType) =>
        new(mediaType, new FileInfo(path).Length, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, useAsync: true));

    public static RenditionContent OfBytes(byte[] bytes, string mediaType) => new(mediaType, bytes.Length, () => new MemoryStream(bytes, writable: false));

    /// <summary>Creates a text rendition. The charset is the one that the <c>file</c> program reports, which Adobe's worker uses.</summary>
    public static RenditionContent OfText(string text, string mediaType) =>
        OfBytes(Encoding.UTF8.GetBytes(text), mediaType) with { Charset = Ascii.IsValid(text) ? "us-ascii" : "utf-8" };

    public async Task<byte[]> ReadAllAsync(CancellationToken cancellationToken)
    {
        var bytes = new byte[Length];
        using var stream = OpenRead();
        await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    public async Task<string> Sha1Async(CancellationToken cancellationToken)
    {
        using var stream = OpenRead();
        return Convert.ToHexStringLower(await CryptographicOperations.HashDataAsync(HashAlgorithmName.SHA1, stream, cancellationToken).ConfigureAwait(false));
    }
}
