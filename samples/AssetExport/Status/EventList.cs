using AssetCompute.Client.Inbox;

namespace AssetExport;

/// <summary>The received events, with those that failed.</summary>
internal sealed record EventList(StatusReport Report, IReadOnlyList<InboxDeadLetter> GivenUp);
