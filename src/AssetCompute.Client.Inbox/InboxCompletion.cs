namespace AssetCompute.Client.Inbox;

/// <summary>The result of <see cref="IEventInbox.CompleteAndTakeAsync"/>.</summary>
/// <param name="IsCompleted">False if the event was delivered again, or is already settled: the other worker's outcome counts.</param>
/// <param name="Next">The event that was taken; null if none is due, or if the next one must be taken alone.</param>
public sealed record InboxCompletion(bool IsCompleted, InboxDelivery? Next);
