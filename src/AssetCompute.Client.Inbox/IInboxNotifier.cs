namespace AssetCompute.Client.Inbox;

/// <summary>
/// An inbox that can say at once when events are due, so that workers need not wait for their next poll. Optional: an inbox that does not say it is
/// polled, and so is one that does, since other processes may add to the same store.
/// </summary>
public interface IInboxNotifier
{
    /// <summary>
    /// Raised after events have become due by a call in this process, or elsewhere where the inbox learns of it. Raised on any thread; what listens must return at once and not throw.
    /// </summary>
    event EventHandler? EventsDue;
}
