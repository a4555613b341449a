namespace AssetCompute.Client.Inbox;

/// <summary>The result of <see cref="IEventInbox.CompleteAndTakeAsync"/>.</summary>
/// <param name="IsCompleted">False if the event was delivered again, or is already settled: the other worker's outcome counts.</param>
/// <param name="Next">The event that was taken; null if none is due, or if the next one must be taken alone.</param>
public sealed record InboxCompletion(bool IsCompleted, InboxDelivery? Next)
{
    /// <summary>
    /// Ends when the completion survives a failure of the store. Throws <see cref="InboxException"/> if that is not certain: after a failure of the store,
    /// the event may be delivered again. Default: ended.
    /// </summary>
    public Task Saved { get; init; } = Task.CompletedTask;
}
