namespace AssetCompute.Client.Inbox;

/// <summary>
/// Where events are safe before anyone works on them: stored once, handed to one worker at a time, until they are done.
/// </summary>
/// <remarks>
/// Delivery is at least once: an event that a worker took and did not settle within its visibility timeout is handed out again. Which of two
/// workers may settle it is decided by the inbox: never both. Every method throws <see cref="InboxException"/> where the store cannot be reached
/// or used, and <see cref="OperationCanceledException"/> where it is cancelled; nothing has changed then, or the change is harmless to repeat.
/// All methods may be called from many threads at once.
/// </remarks>
public interface IEventInbox : IJournalRelayStore
{
    /// <summary>
    /// Raised after a call of this process has made events due, so that workers need not wait for their next poll. What listens must return at once and not throw. An inbox need not raise it: workers poll
    /// all the same, since other processes may add to the same store. Default: never raised.
    /// </summary>
    event EventHandler? EventsDue
    {
        add { }
        remove { }
    }

    /// <summary>
    /// Stores those of the events whose ids were not stored before, and a position of the journal with them, in one transaction. When this
    /// returns, they outlive the end of the process.
    /// </summary>
    /// <param name="messages">
    /// The events; may be empty where only the position moves. Of several with one id, in one call or in many, the first is stored. Their bytes
    /// are the caller's again when this returns.
    /// </param>
    /// <param name="checkpoint">How far the journal has been read with these events. Default: the events do not come from a journal.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many were new.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="messages"/> or one of them is null.</exception>
    /// <exception cref="JournalLeaseLostException">
    /// The checkpoint's lease has ended, was given back, or is another owner's; nothing was stored. So is a lease that has ended and that nobody
    /// else has taken.
    /// </exception>
    ValueTask<int> AddAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes events that wait and are due, and hides them from other workers for a time. Those that have been due the longest come first: new
    /// events in the order in which they were stored. An event whose last attempt ended without an outcome is returned alone: a call returns one such event, or others.
    /// </summary>
    /// <param name="maxCount">The most events to take; over 0.</param>
    /// <param name="visibilityTimeout">For how long they are hidden; over zero, up to 30 days. <see cref="RenewAsync"/> makes it longer.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The events; empty where none is due.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default);

    /// <summary>Hides an event that was taken for a time from now on. It may be late: as long as nobody else has taken the event, it is still the caller's.</summary>
    /// <param name="delivery">What was taken.</param>
    /// <param name="visibilityTimeout">For how long; over zero, up to 30 days.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False where the event has been handed out again, or is settled: stop working on it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="delivery"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="visibilityTimeout"/> is out of its range.</exception>
    ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default);

    /// <summary>Says what became of an event that was taken. It may be late, as in <see cref="RenewAsync"/>.</summary>
    /// <param name="delivery">What was taken.</param>
    /// <param name="outcome">Completed, to be tried again, given up, or given back.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False where the event has been handed out again, or is settled already: another worker decides.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default);

    /// <summary>How many events there are in each state.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>The dead letters, the one that was given up first before the others.</summary>
    /// <param name="maxCount">The most to read; over 0.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is out of its range.</exception>
    ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default);

    /// <summary>Makes a dead letter wait again, due at once, with no attempt counted and no reason kept.</summary>
    /// <param name="id">The id of the event.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False where there is no dead letter of that id.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> is null or empty.</exception>
    ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets completed events. An event that comes again after that is stored again, so the retention must be longer than Adobe repeats an event:
    /// 7 days by the journal. Dead letters are kept.
    /// </summary>
    /// <param name="retention">How long ago they must have been completed at least; zero or more, however long.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many were forgotten.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="retention"/> is negative.</exception>
    ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    async ValueTask IJournalRelayStore.SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await AddAsync([], new InboxCheckpoint(name, position, lease), cancellationToken).ConfigureAwait(false);
    }
}
