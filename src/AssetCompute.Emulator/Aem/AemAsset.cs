using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>A snapshot of an asset of the emulated AEM author.</summary>
public sealed record AemAsset
{
    [JsonConstructor]
    internal AemAsset()
    {
    }

    /// <summary>The id of the asset, such as <c>urn:aaid:aem:…</c>. It is the same for all versions.</summary>
    public required string Id { get; init; }

    /// <summary>The path, such as <c>/content/dam/campaign/photo.jpg</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The last segment of <see cref="Path"/>.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The media type (<c>dc:format</c>).</summary>
    public required string ContentType { get; init; }

    /// <summary>The size of the original in bytes (<c>dam:size</c>).</summary>
    public required long Size { get; init; }

    /// <summary>The SHA-1 of the original in lower-case hexadecimal digits (<c>dam:sha1</c>).</summary>
    public required string Sha1 { get; init; }

    /// <summary>The version, from 1. Each new original increments it.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// The metadata that a caller set, such as <c>dc:title</c> or <c>exportDestination</c>: strings, numbers, Booleans and lists. Metadata that AEM extracts is
    /// not included.
    /// </summary>
    public required IReadOnlyDictionary<string, JsonElement> Metadata { get; init; }

    /// <summary>The time when the first version was added, by the emulator's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time when the original or its metadata last changed.</summary>
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>The time when the asset was last published, or <see langword="null"/>.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>The last published version, or <see langword="null"/>.</summary>
    public int? PublishedVersion { get; init; }

    /// <summary>The blob with the original in the author's own store, one per version; null if the original is generated.</summary>
    [JsonInclude]
    internal string? Blob { get; init; }

    /// <summary>The seed of a generated original. Generated assets of gigabytes use neither disk nor memory.</summary>
    [JsonInclude]
    internal int? Seed { get; init; }

    [JsonIgnore]
    internal IBlobStore? Store { get; init; }

    /// <summary>The version as AEM names it in <c>repo:version</c>. Readers can only compare it.</summary>
    internal string VersionName => $"1.{Version - 1}::ci:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Id} {Version} {Sha1}")).AsSpan(0, 16))}";

    /// <summary>Opens the original of this version as a seekable stream.</summary>
    /// <returns>The stream. The caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">A newer version has replaced this one, or the asset was deleted.</exception>
    public Stream OpenRead() =>
        Open() ?? throw new InvalidOperationException($"Version {Version} of {Path} no longer exists.");

    /// <summary>Opens the bytes as a seekable stream; <see langword="null"/> if the version was replaced or deleted in the meantime.</summary>
    internal Stream? Open() => Blob is { } blob ? Store!.Open(blob)?.Content : new GeneratedStream(Size, Seed!.Value);

    internal JsonObject ToJson() => JsonSerializer.SerializeToNode(this, StateJson.Default.AemAsset)!.AsObject();
}
