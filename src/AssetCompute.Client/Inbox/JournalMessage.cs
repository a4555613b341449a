using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Inbox;

/// <summary>An entry of a journal as an event to store, under the id that it has by webhook too.</summary>
internal static class JournalMessage
{
    public static InboxMessage Of(JournalEntry entry) =>
        new(EventIdentity.Of(entry.Raw.Span) ?? (entry.Position.Value is { } position ? EventIdentity.OfPosition(position) : EventIdentity.OfContent(entry.Raw)), entry.Raw);
}
