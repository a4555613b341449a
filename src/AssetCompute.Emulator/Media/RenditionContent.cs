using System.Security.Cryptography;

namespace AssetCompute.Emulator;

/// <summary>A finished rendition, in a file of the job's folder or in memory.</summary>
internal sealed class RenditionContent
{
    private readonly string? _path;
    private readonly byte[]? _bytes;

    private RenditionContent(string? path, byte[]? bytes, long length, string mediaType, string? charset)
    {
        _path = path;
        _bytes = bytes;
        Length = length;
        MediaType = mediaType;
        Charset = charset;
    }

    public long Length { get; }

    public string MediaType { get; }

    /// <summary>The charset of a text, <see langword="null"/> for anything else.</summary>
    public string? Charset { get; }

    /// <summary>What an upload's <c>content-type</c> says.</summary>
    public string ContentType => Charset is null ? MediaType : $"{MediaType}; charset={Charset}";

    public static RenditionContent OfFile(string path, string mediaType, string? charset = null) =>
        new(path, null, new FileInfo(path).Length, mediaType, charset);

    public static RenditionContent OfBytes(byte[] bytes, string mediaType, string? charset = null) =>
        new(null, bytes, bytes.Length, mediaType, charset);

    public Stream OpenRead() =>
        _path is null
            ? new MemoryStream(_bytes!, writable: false)
            : new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, useAsync: true);

    public async Task<byte[]> ReadAllAsync(CancellationToken cancellationToken) =>
        _path is null ? _bytes! : await File.ReadAllBytesAsync(_path, cancellationToken);

    public async Task<ImageHeader?> ReadHeaderAsync(CancellationToken cancellationToken) =>
        _path is null ? ImageHeader.Read(_bytes) : await ImageHeader.ReadAsync(_path, cancellationToken);

    public async Task<string> Sha1Async(CancellationToken cancellationToken)
    {
        await using var stream = OpenRead();
        return Convert.ToHexStringLower(await CryptographicOperations.HashDataAsync(HashAlgorithmName.SHA1, stream, cancellationToken));
    }
}
