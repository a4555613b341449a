using AssetCompute.Client.Inbox;

namespace AssetExport;

/// <summary>The events: how many came, and those that were given up.</summary>
/// <param name="Report">The status.</param>
/// <param name="GivenUp">Those that were given up.</param>
public sealed record EventList(StatusReport Report, IReadOnlyList<InboxDeadLetter> GivenUp);
