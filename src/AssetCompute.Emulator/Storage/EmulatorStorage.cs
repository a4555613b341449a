using System.Net.Mime;

namespace AssetCompute.Emulator;

/// <summary>
/// Blob storage as Asset Compute needs it: blobs that are read and written through signed URLs. A URL is for one blob and one
/// method, and expires; anything else is refused with 403 and a body that says why.
/// </summary>
public sealed class EmulatorStorage
{
    internal const string Path = "/blobs/";

    private const int MaxNameLength = 1024;

    private readonly IBlobStore _store;
    private readonly UrlSigner _signer;
    private readonly AssetComputeEmulatorOptions _options;
    private readonly Func<Uri> _origin;

    internal EmulatorStorage(IBlobStore store, UrlSigner signer, AssetComputeEmulatorOptions options, Func<Uri> origin)
    {
        _store = store;
        _signer = signer;
        _options = options;
        _origin = origin;
    }

    /// <summary>The names of all blobs, in ordinal order.</summary>
    public IReadOnlyList<string> Names => _store.Names;

    /// <summary>Stores a blob, in place of one of the same name.</summary>
    /// <param name="name">The name; it may hold slashes, but no <c>.</c> or <c>..</c> between them.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="contentType">The content type. Default: <c>application/octet-stream</c>.</param>
    /// <param name="cancellationToken">Ends the storing.</param>
    /// <returns>A task that ends when the blob is stored.</returns>
    /// <exception cref="ArgumentException">The name is not valid in a URL path, or the content is longer than <see cref="AssetComputeEmulatorOptions.MaxBlobBytes"/>.</exception>
    public async Task PutAsync(string name, ReadOnlyMemory<byte> content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        await PutAsync(name, stream, contentType, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores a blob from a stream, in place of one of the same name.</summary>
    /// <param name="name">The name; it may hold slashes, but no <c>.</c> or <c>..</c> between them.</param>
    /// <param name="content">The stream, read to its end and left open.</param>
    /// <param name="contentType">The content type. Default: <c>application/octet-stream</c>.</param>
    /// <param name="cancellationToken">Ends the storing.</param>
    /// <returns>A task that ends when the blob is stored.</returns>
    /// <exception cref="ArgumentException">The name is not valid in a URL path, or the content is longer than <see cref="AssetComputeEmulatorOptions.MaxBlobBytes"/>.</exception>
    public async Task PutAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        await SaveAsync(name, [content], contentType, nameof(content), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a blob whole.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The blob, or <see langword="null"/> when there is none of that name.</returns>
    public async Task<EmulatorBlob?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_store.Open(name) is not { } handle)
        {
            return null;
        }

        using (handle)
        {
            var content = new byte[handle.Length];
            await handle.Content.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
            return new EmulatorBlob(name, handle.ContentType, content);
        }
    }

    /// <summary>Says whether there is a blob of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns><see langword="true"/> when there is one.</returns>
    public bool Exists(string name) => _store.Exists(name);

    /// <summary>Removes a blob.</summary>
    /// <param name="name">The name.</param>
    /// <returns><see langword="true"/> when there was one.</returns>
    public bool Remove(string name) => _store.Remove(name);

    /// <summary>
    /// Makes one blob of the parts of a target, in place of one of the same name, and removes the parts. The first one that is missing
    /// ends the row, as a target has more URLs than a rendition may need; those behind it are removed unread.
    /// </summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="parts">The names of the parts, in order.</param>
    /// <param name="contentType">The content type. Default: that of the first part.</param>
    /// <param name="cancellationToken">Ends the joining.</param>
    /// <returns>The size of the blob in bytes; 0 when there is no part, and then nothing is stored.</returns>
    /// <exception cref="ArgumentException">The name is not valid in a URL path, or the blob would be longer than <see cref="AssetComputeEmulatorOptions.MaxBlobBytes"/>.</exception>
    public async Task<long> JoinAsync(string name, IReadOnlyList<string> parts, string? contentType = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        string? firstType;
        using (var first = parts.Count == 0 ? null : _store.Open(parts[0]))
        {
            firstType = first?.ContentType;
        }

        if (firstType is null)
        {
            return 0;
        }

        long size = 0;
        IEnumerable<Stream> Contents()
        {
            foreach (var part in parts.Select(_store.Open).TakeWhile(part => part is not null))
            {
                using var content = part!.Content;
                size += part.Length;
                yield return content;
            }
        }

        await SaveAsync(name, Contents(), contentType ?? firstType, nameof(parts), cancellationToken).ConfigureAwait(false);
        foreach (var part in parts.Where(part => part != name))
        {
            _store.Remove(part);
        }

        return size;
    }

    /// <summary>Makes a URL that reads a blob (<c>GET</c> and <c>HEAD</c>), which need not exist yet.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="lifetime">How long the URL works. Default: <see cref="AssetComputeEmulatorOptions.UrlLifetime"/>. Zero or less makes a URL that has expired.</param>
    /// <returns>The signed URL.</returns>
    /// <exception cref="ArgumentException">The name is not valid in a URL path.</exception>
    public Uri CreateReadUrl(string name, TimeSpan? lifetime = null) => CreateUrl(name, UrlSigner.Read, lifetime, _origin());

    /// <summary>Makes a URL that writes a blob (<c>PUT</c>).</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="lifetime">How long the URL works. Default: <see cref="AssetComputeEmulatorOptions.UrlLifetime"/>. Zero or less makes a URL that has expired.</param>
    /// <returns>The signed URL.</returns>
    /// <exception cref="ArgumentException">The name is not valid in a URL path.</exception>
    public Uri CreateWriteUrl(string name, TimeSpan? lifetime = null) => CreateUrl(name, UrlSigner.Write, lifetime, _origin());

    internal Uri CreateUrl(string name, string permission, TimeSpan? lifetime, Uri origin)
    {
        CheckName(name);
        var path = string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
        return new Uri(origin, $"{Path}{path}{_signer.SignedQuery(name, permission, lifetime ?? _options.UrlLifetime)}");
    }

    private async Task SaveAsync(string name, IEnumerable<Stream> contents, string? contentType, string parameter, CancellationToken cancellationToken)
    {
        CheckName(name);
        try
        {
            await _store.SaveAsync(name, contentType ?? MediaTypeNames.Application.Octet, contents, _options.MaxBlobBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobTooLargeException tooLarge)
        {
            throw new ArgumentException($"The blob '{name}' is longer than {_options.MaxBlobBytes} bytes.", parameter, tooLarge);
        }
    }

    private static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxNameLength || name.Any(char.IsControl) || name.Split('/').Any(segment => segment is "" or "." or ".."))
        {
            throw new ArgumentException("A blob's name is 1 to 1024 characters: segments between slashes, none of them empty, '.' or '..'.", nameof(name));
        }
    }
}
