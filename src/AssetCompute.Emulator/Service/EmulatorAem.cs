using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// An AEM author with assets, behind the emulator's access tokens, and the events that publishing sends. Its paths stand at the root of
/// <see cref="Endpoint"/>, as those of a real author do: <c>{Endpoint}content/dam/campaign/photo.jpg</c>. Safe for use by many threads.
/// </summary>
public sealed class EmulatorAem
{
    private readonly AemRepository _repository;
    private readonly IBlobStore _blobs;
    private readonly AssetComputeEmulatorOptions _options;
    private readonly Func<Uri> _origin;

    internal EmulatorAem(AemRepository repository, IBlobStore blobs, EmulatorEventRegistrations registrations, AssetComputeEmulatorOptions options, Func<Uri> origin)
    {
        _repository = repository;
        _blobs = blobs;
        Registrations = registrations;
        _options = options;
        _origin = origin;
    }

    internal event Action? Changed;

    /// <summary>The author's base URL. The same origin as the service's; no path of one is a path of the other.</summary>
    public Uri Endpoint => _origin();

    /// <summary>Who gets the events: each registration has a journal, and a webhook if it wants one.</summary>
    public EmulatorEventRegistrations Registrations { get; }

    /// <summary>All assets, in ordinal order of their paths.</summary>
    public IReadOnlyList<AemAsset> Assets => _repository.All;

    /// <summary>Finds an asset.</summary>
    /// <param name="path">The path, from <c>/content/dam</c> on.</param>
    /// <returns>The asset as it is now, or <see langword="null"/>.</returns>
    public AemAsset? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _repository.Find(path);
    }

    /// <summary>Adds an asset; or, where there is one, a new version of it. Sends <see cref="AemEventKind.ProcessingCompleted"/>.</summary>
    /// <param name="path">The path: <c>/content/dam/…</c>.</param>
    /// <param name="content">The original.</param>
    /// <param name="contentType">The media type. Default: by the name's extension, else <c>application/octet-stream</c>.</param>
    /// <param name="metadata">Metadata to add to the existing metadata. Default: none.</param>
    /// <param name="cancellationToken">Ends the adding.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="ArgumentException">The path is no asset's, or the content is longer than <see cref="AssetComputeEmulatorOptions.MaxBlobBytes"/>.</exception>
    public async Task<AemAsset> AddAssetAsync(string path, ReadOnlyMemory<byte> content, string? contentType = null,
        IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        return await AddAssetAsync(path, stream, contentType, metadata, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds an asset with metadata of any type; or, where there is one, a new version of it. Sends <see cref="AemEventKind.ProcessingCompleted"/>.</summary>
    /// <param name="path">The path: <c>/content/dam/…</c>.</param>
    /// <param name="content">The original.</param>
    /// <param name="metadata">Metadata to add to the existing metadata: texts, numbers, Booleans and lists. A null removes a property.</param>
    /// <param name="contentType">The media type. Default: by the name's extension, else <c>application/octet-stream</c>.</param>
    /// <param name="cancellationToken">Ends the adding.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="ArgumentException">The path is no asset's, or the content is longer than <see cref="AssetComputeEmulatorOptions.MaxBlobBytes"/>.</exception>
    public async Task<AemAsset> AddAssetAsync(string path, ReadOnlyMemory<byte> content, JsonObject metadata, string? contentType = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        return await AddAssetAsync(path, stream, metadata, contentType, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds an asset from a stream; or, where there is one, a new version of it. Sends <see cref="AemEventKind.ProcessingCompleted"/>.</summary>
    /// <param name="path">The path: <c>/content/dam/…</c>.</param>
    /// <param name="content">The original, read to its end and left open.</param>
    /// <param name="contentType">The media type. Default: by the name's extension, else <c>application/octet-stream</c>.</param>
    /// <param name="metadata">Metadata to add to the existing metadata. Default: none.</param>
    /// <param name="cancellationToken">Ends the adding.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="ArgumentException">The path is no asset's, or the content is longer than <see cref="AssetComputeEmulatorOptions.MaxBlobBytes"/>.</exception>
    public async Task<AemAsset> AddAssetAsync(string path, Stream content, string? contentType = null,
        IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return await AddAssetAsync(path, content, ToJson(metadata), contentType, cancellationToken).ConfigureAwait(false);
    }

    internal async Task<AemAsset> AddAssetAsync(string path, Stream content, JsonObject? metadata, string? contentType, CancellationToken cancellationToken)
    {
        AemPath.Check(path);
        var blob = Guid.NewGuid().ToString("N");
        try
        {
            await _blobs.SaveAsync(blob, MediaTypes.Binary, content, _options.MaxBlobBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobTooLargeException tooLarge)
        {
            throw new ArgumentException($"The asset '{path}' is longer than {_options.MaxBlobBytes} bytes.", nameof(content), tooLarge);
        }

        try
        {
            return await AddAsync(path, _blobs.Open(blob)!.Content, blob, null, contentType, metadata, cancellationToken).ConfigureAwait(false);
        }
        catch when (_repository.Find(path)?.Blob != blob)
        {
            _blobs.Remove(blob);
            throw;
        }
    }

    /// <summary>
    /// Adds an asset whose bytes follow from a seed: they are computed as they are read, so that one of gigabytes takes neither disk
    /// nor memory. Its SHA-1 is computed here, about a second for each gigabyte.
    /// </summary>
    /// <param name="path">The path: <c>/content/dam/…</c>.</param>
    /// <param name="size">The number of bytes.</param>
    /// <param name="seed">Another seed makes other bytes. Default: 0.</param>
    /// <param name="contentType">The media type. Default: by the name's extension, else <c>application/octet-stream</c>.</param>
    /// <param name="metadata">Metadata to add to the existing metadata. Default: none.</param>
    /// <param name="cancellationToken">Ends the adding.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="ArgumentException">The path is no asset's.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is negative.</exception>
    public Task<AemAsset> AddGeneratedAssetAsync(string path, long size, int seed = 0, string? contentType = null,
        IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        AddGeneratedAssetAsync(path, size, seed, contentType, ToJson(metadata), cancellationToken);

    internal Task<AemAsset> AddGeneratedAssetAsync(string path, long size, int seed, string? contentType, JsonObject? metadata, CancellationToken cancellationToken)
    {
        AemPath.Check(path);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return AddAsync(path, new GeneratedStream(size, seed), null, seed, contentType, metadata, cancellationToken);
    }

    /// <summary>Sets or removes metadata. Sends <see cref="AemEventKind.MetadataUpdated"/>.</summary>
    /// <param name="path">The asset's path.</param>
    /// <param name="changes">The new values by name, such as <c>exportDestination</c>; <see langword="null"/> removes one.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="ArgumentException">There is no such asset.</exception>
    public AemAsset SetMetadata(string path, IReadOnlyDictionary<string, string?> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return SetMetadata(path, ToJson(changes)!);
    }

    /// <summary>Sets or removes metadata of any type. Sends <see cref="AemEventKind.MetadataUpdated"/>.</summary>
    /// <param name="path">The asset's path.</param>
    /// <param name="changes">The new values by name: texts, numbers, Booleans and lists; a null removes one.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="ArgumentException">There is no such asset.</exception>
    public AemAsset SetMetadata(string path, JsonObject changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var time = _options.TimeProvider.GetUtcNow();
        var (now, before) = _repository.Change(path, present =>
        {
            var asset = present ?? throw NoAsset(path);
            return asset with { Metadata = AemMetadata.Merge(asset.Metadata, changes), ModifiedAt = time };
        });
        var old = changes.ToDictionary(change => change.Key, change => before!.Metadata.TryGetValue(change.Key, out var value) ? value : (JsonElement?)null, StringComparer.Ordinal);
        Tell(new(AemEventKind.MetadataUpdated, now, time, OldMetadata: old));
        return now;
    }

    /// <summary>Publishes assets, again if they are published. Sends <see cref="AemEventKind.Published"/> for each.</summary>
    /// <param name="paths">Paths of assets, or of folders: a folder means all assets below it. <c>/content/dam</c> is all.</param>
    /// <returns>The published assets, in the order of their events.</returns>
    /// <exception cref="ArgumentException">A path names neither an asset nor a folder with assets. Nothing is published then.</exception>
    public IReadOnlyList<AemAsset> Publish(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var found = new List<AemAsset>();
        foreach (var path in paths)
        {
            var assets = _repository.Within(path);
            found.AddRange(assets.Count > 0 ? assets : throw NoAsset(path));
        }

        var time = _options.TimeProvider.GetUtcNow();
        var published = new List<AemAsset>(found.Count);
        foreach (var path in found.Select(asset => asset.Path).Distinct(StringComparer.Ordinal))
        {
            var (now, _) = _repository.Change(path, present =>
            {
                var asset = present ?? throw NoAsset(path);
                return asset with { PublishedAt = time, PublishedVersion = asset.Version };
            });
            published.Add(now);
            Tell(new(AemEventKind.Published, now, time));
        }

        return published;
    }

    /// <summary>Deletes an asset. Sends <see cref="AemEventKind.Deleted"/>.</summary>
    /// <param name="path">The path.</param>
    /// <returns><see langword="true"/> when there was one.</returns>
    public bool Delete(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (_repository.Remove(path) is not { } removed)
        {
            return false;
        }

        Tell(new(AemEventKind.Deleted, removed, _options.TimeProvider.GetUtcNow()));
        return true;
    }

    private async Task<AemAsset> AddAsync(string path, Stream original, string? blob, int? seed, string? contentType, JsonObject? metadata, CancellationToken cancellationToken)
    {
        long size;
        string sha1;
        using (original)
        {
            // Hashing gigabytes that come without waiting would hold the caller's thread until they are through.
            size = original.Length;
            sha1 = Convert.ToHexStringLower(await Task.Run(() => CryptographicOperations.HashDataAsync(HashAlgorithmName.SHA1, original, cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false));
        }

        var time = _options.TimeProvider.GetUtcNow();
        var (now, before) = _repository.Change(path, present => new AemAsset
        {
            Id = present?.Id ?? $"urn:aaid:aem:{Guid.NewGuid():D}",
            Path = path,
            ContentType = contentType ?? MediaTypes.OfFileName(path) ?? MediaTypes.Binary,
            Size = size,
            Sha1 = sha1,
            Version = (present?.Version ?? 0) + 1,
            Metadata = AemMetadata.Merge(present?.Metadata, metadata),
            CreatedAt = present?.CreatedAt ?? time,
            ModifiedAt = time,
            PublishedAt = present?.PublishedAt,
            PublishedVersion = present?.PublishedVersion,
            Blob = blob,
            Seed = seed,
            Store = _blobs,
        });
        Tell(new(AemEventKind.ProcessingCompleted, now, time, IsNew: before is null));
        return now;
    }

    private void Tell(AemEvent @event)
    {
        Registrations.Deliver(@event);
        Changed?.Invoke();
    }

    private static JsonObject? ToJson<TText>(IEnumerable<KeyValuePair<string, TText>>? values)
        where TText : class? =>
        values is null ? null : new(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value as string))));

    private static ArgumentException NoAsset(string path) => new($"There is no asset at '{path}'.", nameof(path));
}
