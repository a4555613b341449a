using AssetCompute.Client.Inbox;

namespace AssetExport;

/// <summary>The events: their numbers, and the events that were given up.</summary>
/// <param name="Report">The status.</param>
/// <param name="GivenUp">The events that were given up.</param>
internal sealed record EventList(StatusReport Report, IReadOnlyList<InboxDeadLetter> GivenUp);
