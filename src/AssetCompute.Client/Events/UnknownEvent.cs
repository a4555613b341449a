using System.Text.Json;

namespace AssetCompute.Client;

/// <summary>
/// An event that this version of the SDK has no type for, with all its JSON. It is not an error: a journal may contain events of other kinds. An event that
/// is nested more than 256 levels deep is always unknown, and its type is empty.
/// </summary>
public sealed record UnknownEvent : AdobeEvent
{
    /// <summary>The whole event. Undefined if it is not JSON or is nested more than 256 levels deep; its bytes are in <see cref="JournalEntry.Raw"/>.</summary>
    public JsonElement Json { get; init; }

    private protected override string Describe() => $"{nameof(UnknownEvent)} {{ Type = {Type} }}";
}
