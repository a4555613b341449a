using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>A change of an asset, before it is converted to the format of a registration.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Asset">The asset after the change, or before it if the asset was deleted.</param>
/// <param name="Time">The time of the change.</param>
/// <param name="IsNew">Whether this is the first version of the asset.</param>
/// <param name="OldMetadata">The previous values of the changed metadata; <see langword="null"/> for a property that did not exist.</param>
internal sealed record AemEvent(AemEventKind Kind, AemAsset Asset, DateTimeOffset Time, bool IsNew = false, IReadOnlyDictionary<string, JsonElement?>? OldMetadata = null)
{
    /// <summary>The id of the event. It is the same in every registration, journal and webhook.</summary>
    public Guid Id { get; } = Guid.NewGuid();
}
