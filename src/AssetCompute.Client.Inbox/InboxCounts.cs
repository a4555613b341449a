namespace AssetCompute.Client.Inbox;

/// <summary>The number of events of an inbox in each state.</summary>
/// <param name="Waiting">Waiting events, due or not.</param>
/// <param name="Taken">Events that a worker has taken, within their visibility timeout.</param>
/// <param name="Completed">Completed events that are not yet removed.</param>
/// <param name="DeadLetters">Dead letters.</param>
public sealed record InboxCounts(long Waiting, long Taken, long Completed, long DeadLetters);
