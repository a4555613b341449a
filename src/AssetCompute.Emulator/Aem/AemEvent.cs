using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>Something that happened to an asset, before it takes the form that a registration wants.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Asset">The asset after it happened; before, when it was deleted.</param>
/// <param name="Time">When.</param>
/// <param name="IsNew">Whether the asset is there in its first version.</param>
/// <param name="OldMetadata">What the changed metadata said before; <see langword="null"/> stands for a property that was not there.</param>
internal sealed record AemEvent(AemEventKind Kind, AemAsset Asset, DateTimeOffset Time, bool IsNew = false, IReadOnlyDictionary<string, JsonElement?>? OldMetadata = null)
{
    /// <summary>The event's own id, the same in every registration and by every way.</summary>
    public Guid Id { get; } = Guid.NewGuid();
}
