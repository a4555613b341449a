using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>An asset of the emulated AEM author as it was at one moment.</summary>
public sealed record AemAsset
{
    [JsonConstructor]
    internal AemAsset()
    {
    }

    /// <summary>The asset's id, such as <c>urn:aaid:aem:…</c>; it stays the same over all versions.</summary>
    public required string Id { get; init; }

    /// <summary>The path, such as <c>/content/dam/campaign/photo.jpg</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The last part of <see cref="Path"/>.</summary>
    [JsonIgnore]
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The media type: <c>dc:format</c>.</summary>
    public required string ContentType { get; init; }

    /// <summary>The bytes of the original: <c>dam:size</c>.</summary>
    public required long Size { get; init; }

    /// <summary>The SHA-1 of the original in lower-case hex: <c>dam:sha1</c>.</summary>
    public required string Sha1 { get; init; }

    /// <summary>The version, from 1; each new original counts it up.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// The metadata that somebody set, such as <c>dc:title</c> or <c>exportDestination</c>: texts, numbers, Booleans and lists. What AEM finds out by itself is not in it.
    /// </summary>
    public required IReadOnlyDictionary<string, JsonElement> Metadata { get; init; }

    /// <summary>When the first version came, by the emulator's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the original or its metadata changed last.</summary>
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>When the asset was published last, or <see langword="null"/>.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>The version that was published last, or <see langword="null"/>.</summary>
    public int? PublishedVersion { get; init; }

    /// <summary>The blob of the author's own store that has the original, one for each version; null where it is generated.</summary>
    [JsonInclude]
    internal string? Blob { get; init; }

    /// <summary>From what the original is generated: assets of gigabytes take neither disk nor memory.</summary>
    [JsonInclude]
    internal int? Seed { get; init; }

    [JsonIgnore]
    internal IBlobStore? Store { get; init; }

    /// <summary>What AEM calls the version, <c>repo:version</c>: a name that readers can only compare.</summary>
    internal string VersionName => $"1.{Version - 1}::ci:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Id} {Version} {Sha1}")).AsSpan(0, 16))}";

    /// <summary>Opens the original of this version, seekable.</summary>
    /// <returns>The stream; to be disposed by the caller.</returns>
    /// <exception cref="InvalidOperationException">A newer version took its place, or the asset was deleted.</exception>
    public Stream OpenRead() =>
        Open() ?? throw new InvalidOperationException($"Version {Version} of {Path} is not there any more.");

    /// <summary>Opens the bytes, seekable; or <see langword="null"/> when the version was replaced or deleted meanwhile.</summary>
    internal Stream? Open() => Blob is { } blob ? Store!.Open(blob)?.Content : new GeneratedStream(Size, Seed!.Value);

    internal JsonObject ToJson() => JsonSerializer.SerializeToNode(this, AemJson.Default.AemAsset)!.AsObject();
}
