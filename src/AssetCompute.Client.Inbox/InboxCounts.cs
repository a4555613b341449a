namespace AssetCompute.Client.Inbox;

/// <summary>How many events an inbox holds.</summary>
/// <param name="Waiting">Events that wait, due or not.</param>
/// <param name="Taken">Events that a worker has taken, within their visibility timeout.</param>
/// <param name="Completed">Events that are done and not yet forgotten.</param>
/// <param name="DeadLetters">Events that were given up.</param>
public sealed record InboxCounts(long Waiting, long Taken, long Completed, long DeadLetters);
