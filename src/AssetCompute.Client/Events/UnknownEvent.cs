using System.Text.Json;

namespace AssetCompute.Client;

/// <summary>
/// An event that this version of the SDK has no type for, with all its JSON. It is not an error: a journal may contain events of other kinds.
/// </summary>
public sealed record UnknownEvent : AdobeEvent
{
    /// <summary>The whole event.</summary>
    public JsonElement Json { get; init; }

    private protected override string Describe() => $"{nameof(UnknownEvent)} {{ Type = {Type} }}";
}
