using System.Net.Mime;

namespace AssetCompute.Emulator;

/// <summary>Blob storage with signed URLs, each valid for one blob, one method and a limited time. Any other request gets 403 and a body with the reason.</summary>
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

    /// <summary>Stores a blob. Replaces an existing blob with the same name.</summary>
    /// <param name="name">The name. It can contain slashes, but no <c>.</c> or <c>..</c> segments.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="contentType">The content type. Default: <c>application/octet-stream</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that completes when the blob is stored.</returns>
    /// <exception cref="ArgumentException">The name is not valid in a URL path, or the content is longer than <see cref="AssetComputeEmulatorOptions.MaxBlobBytes"/>.</exception>
    public async Task PutAsync(string name, ReadOnlyMemory<byte> content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        await PutAsync(name, stream, contentType, cancellationToken).ConfigureAwait(false);
    }

    /// <remarks>The stream is read to the end and not closed.</remarks>
    /// <inheritdoc cref="PutAsync(string, ReadOnlyMemory{byte}, string?, CancellationToken)"/>
    public async Task PutAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        await SaveAsync(name, [content], contentType, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a whole blob.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The blob, or <see langword="null"/> if there is no blob with that name.</returns>
    public async Task<EmulatorBlob?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var handle = _store.Open(name);
        if (handle is null)
        {
            return null;
        }

        var content = new byte[handle.Length];
        await handle.Content.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        return new EmulatorBlob(name, handle.ContentType, content);
    }

    /// <summary>Determines whether a blob exists.</summary>
    /// <param name="name">The name.</param>
    /// <returns><see langword="true"/> if the blob exists.</returns>
    public bool Exists(string name) => _store.Exists(name);

    /// <summary>Removes a blob.</summary>
    /// <param name="name">The name.</param>
    /// <returns><see langword="true"/> if there was such a blob.</returns>
    public bool Remove(string name) => _store.Remove(name);

    /// <summary>
    /// Joins the parts of a target into one blob and removes the parts. Replaces an existing blob with the same name. Joining stops at the first missing part,
    /// because a target can have more URLs than a rendition needs. Parts after it are removed without being read.
    /// </summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="parts">The names of the parts, in order.</param>
    /// <param name="contentType">The content type. Default: the content type of the first part.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The size of the blob in bytes; 0 if there are no parts and nothing is stored.</returns>
    /// <exception cref="ArgumentException">The name is not valid in a URL path, or the blob would be longer than <see cref="AssetComputeEmulatorOptions.MaxBlobBytes"/>.</exception>
    public async Task<long> JoinAsync(string name, IReadOnlyList<string> parts, string? contentType = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        using var first = parts.Count == 0 ? null : _store.Open(parts[0]);
        if (first is null)
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

        await SaveAsync(name, Contents(), contentType ?? first.ContentType, cancellationToken).ConfigureAwait(false);
        foreach (var part in parts.Where(part => part != name))
        {
            _store.Remove(part);
        }

        return size;
    }

    /// <summary>Creates a URL to read a blob with <c>GET</c> and <c>HEAD</c>. The blob doesn't have to exist yet.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="lifetime">How long the URL is valid. Default: <see cref="AssetComputeEmulatorOptions.UrlLifetime"/>. Zero or less creates an expired URL.</param>
    /// <returns>The signed URL.</returns>
    /// <exception cref="ArgumentException">The name is not valid in a URL path.</exception>
    public Uri CreateReadUrl(string name, TimeSpan? lifetime = null) => CreateUrl(name, UrlSigner.Read, lifetime, _origin());

    /// <summary>Creates a URL to write a blob with <c>PUT</c>.</summary>
    /// <inheritdoc cref="CreateReadUrl"/>
    public Uri CreateWriteUrl(string name, TimeSpan? lifetime = null) => CreateUrl(name, UrlSigner.Write, lifetime, _origin());

    internal Uri CreateUrl(string name, string permission, TimeSpan? lifetime, Uri origin)
    {
        CheckName(name);
        var path = string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
        return new Uri(origin, $"{Path}{path}{_signer.SignedQuery(name, permission, lifetime ?? _options.UrlLifetime)}");
    }

    /// <summary>Returns the name of the blob that a URL refers to, or <see langword="null"/> if its path is not that of a blob.</summary>
    internal static string? NameOf(Uri url) =>
        url.AbsolutePath.StartsWith(Path, StringComparison.Ordinal) ? Uri.UnescapeDataString(url.AbsolutePath[Path.Length..]) : null;

    private Task SaveAsync(string name, IEnumerable<Stream> contents, string? contentType, CancellationToken cancellationToken)
    {
        CheckName(name);
        return _store.SaveAsync(name, contentType ?? MediaTypeNames.Application.Octet, contents, _options.MaxBlobBytes, cancellationToken);
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
