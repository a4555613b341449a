using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// An AEM author with assets, protected by the emulator's access tokens, and the events that publishing sends. As on a real author, its paths start at the
/// root of <see cref="Endpoint"/>: <c>{Endpoint}content/dam/campaign/photo.jpg</c>. Thread-safe.
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

    /// <summary>The base URL of the author. It has the same origin as the service. Their paths don't overlap.</summary>
    public Uri Endpoint => _origin();

    /// <summary>The registrations for events. Each one has a journal and, optionally, a webhook.</summary>
    public EmulatorEventRegistrations Registrations { get; }

    /// <summary>All assets, sorted by path in ordinal order.</summary>
    public IReadOnlyList<AemAsset> Assets => _repository.All;

    /// <summary>Finds an asset.</summary>
    /// <param name="path">The path, starting with <c>/content/dam</c>.</param>
    /// <returns>The current asset, or <see langword="null"/>.</returns>
    public AemAsset? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _repository.Find(path);
    }

    /// <summary>Adds an asset, or a new version of an existing asset. Sends <see cref="AemEventKind.ProcessingCompleted"/>.</summary>
    /// <param name="path">The path: <c>/content/dam/…</c>.</param>
    /// <param name="content">The original.</param>
    /// <param name="contentType">The media type. Default: derived from the file extension, otherwise <c>application/octet-stream</c>.</param>
    /// <param name="metadata">Metadata to add to the existing metadata: strings, numbers, Booleans and lists. A null removes a property. Default: none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="ArgumentException">The path is invalid, or the content is longer than <see cref="AssetComputeEmulatorOptions.MaxBlobBytes"/>.</exception>
    public async Task<AemAsset> AddAssetAsync(string path, ReadOnlyMemory<byte> content, string? contentType = null, JsonObject? metadata = null, CancellationToken cancellationToken = default)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        return await AddAssetAsync(path, stream, contentType, metadata, cancellationToken).ConfigureAwait(false);
    }

    /// <remarks>The stream is read to the end and not closed.</remarks>
    /// <inheritdoc cref="AddAssetAsync(string, ReadOnlyMemory{byte}, string?, JsonObject?, CancellationToken)"/>
    public async Task<AemAsset> AddAssetAsync(string path, Stream content, string? contentType = null, JsonObject? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        AemPath.Check(path);
        var blob = Guid.NewGuid().ToString("N");
        await _blobs.SaveAsync(blob, MediaTypes.Binary, content, _options.MaxBlobBytes, cancellationToken).ConfigureAwait(false);
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
    /// Adds an asset whose bytes are generated from a seed. They are computed as they are read, so that an asset of gigabytes uses neither disk nor memory. The
    /// method computes the SHA-1, which takes about a second per gigabyte.
    /// </summary>
    /// <param name="path">The path: <c>/content/dam/…</c>.</param>
    /// <param name="size">The number of bytes.</param>
    /// <param name="seed">The seed. Different seeds generate different bytes. Default: 0.</param>
    /// <param name="contentType">The media type. Default: derived from the file extension, otherwise <c>application/octet-stream</c>.</param>
    /// <param name="metadata">Metadata to add to the existing metadata: strings, numbers, Booleans and lists. A null removes a property. Default: none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="ArgumentException">The path is invalid, or <paramref name="size"/> is negative.</exception>
    public Task<AemAsset> AddGeneratedAssetAsync(string path, long size, int seed = 0, string? contentType = null, JsonObject? metadata = null, CancellationToken cancellationToken = default)
    {
        AemPath.Check(path);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return AddAsync(path, new GeneratedStream(size, seed), null, seed, contentType, metadata, cancellationToken);
    }

    /// <summary>Sets or removes metadata. Sends <see cref="AemEventKind.MetadataUpdated"/>.</summary>
    /// <param name="path">The asset's path.</param>
    /// <param name="changes">The new values by name, such as <c>exportDestination</c>: strings, numbers, Booleans and lists. A null removes a property.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="ArgumentException">The asset does not exist.</exception>
    public AemAsset SetMetadata(string path, JsonObject changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var time = _options.TimeProvider.GetUtcNow();
        var (now, before) = Change(path, asset => asset with { Metadata = AemMetadata.Merge(asset.Metadata, changes), ModifiedAt = time });
        var old = changes.ToDictionary(change => change.Key, change => before.Metadata.TryGetValue(change.Key, out var value) ? value : (JsonElement?)null, StringComparer.Ordinal);
        Tell(new(AemEventKind.MetadataUpdated, now, time, OldMetadata: old));
        return now;
    }

    /// <summary>Publishes assets, or publishes them again. Sends <see cref="AemEventKind.Published"/> for each.</summary>
    /// <param name="paths">The paths of assets or folders. A folder includes all assets below it. <c>/content/dam</c> includes all assets.</param>
    /// <returns>The published assets, in the order of their events.</returns>
    /// <exception cref="ArgumentException">A path is neither an asset nor a folder with assets. Nothing is published.</exception>
    public IReadOnlyList<AemAsset> Publish(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string[] found = [.. paths.SelectMany(path => _repository.Within(path) is { Count: > 0 } assets ? assets : throw NoAsset(path)).Select(asset => asset.Path).Distinct(StringComparer.Ordinal)];
        var time = _options.TimeProvider.GetUtcNow();
        var published = new List<AemAsset>(found.Length);
        foreach (var path in found)
        {
            var (now, _) = Change(path, asset => asset with { PublishedAt = time, PublishedVersion = asset.Version });
            published.Add(now);
            Tell(new(AemEventKind.Published, now, time));
        }

        return published;
    }

    /// <summary>Deletes an asset. Sends <see cref="AemEventKind.Deleted"/>.</summary>
    /// <param name="path">The path.</param>
    /// <returns><see langword="true"/> if there was such an asset.</returns>
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
            // The stream never waits, so hashing gigabytes would block the caller's thread.
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

    private (AemAsset Now, AemAsset Before) Change(string path, Func<AemAsset, AemAsset> change)
    {
        var (now, before) = _repository.Change(path, present => change(present ?? throw NoAsset(path)));
        return (now, before!);
    }

    private void Tell(AemEvent @event)
    {
        Registrations.Deliver(@event);
        Changed?.Invoke();
    }

    private static ArgumentException NoAsset(string path) => new($"There is no asset at '{path}'.", nameof(path));
}
