using AssetCompute.Client.Inbox;

namespace AssetExport;

/// <summary>The received events, with those that were given up.</summary>
internal sealed record EventList(StatusReport Report, IReadOnlyList<InboxDeadLetter> GivenUp);
