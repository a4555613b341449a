namespace AssetCompute.Client.Inbox;

/// <summary>
/// Stores each event once, before it is handled. Delivers each event to one worker at a time, until it is completed.
/// </summary>
/// <remarks>
/// Delivery is at least once: an event that a worker took and did not settle within its visibility timeout is delivered again. If two workers have the same
/// event, the inbox accepts the outcome of only one of them. Every method throws <see cref="InboxException"/> if the store cannot be reached or used, and
/// <see cref="OperationCanceledException"/> if it is canceled. In both cases nothing has changed, or the change is safe to repeat. All methods are
/// thread-safe.
/// </remarks>
public interface IEventInbox : IJournalRelayStore
{
    /// <summary>
    /// Occurs after a call of this process has made events due, so that workers do not wait for their next poll. Subscribers must return immediately and not
    /// throw. An inbox does not have to raise it: workers also poll, because other processes may add to the same store. Default: never raised.
    /// </summary>
    event EventHandler? EventsDue
    {
        add { }
        remove { }
    }

    /// <summary>
    /// Stores the events whose ids are new, and the position of the journal, in one transaction. When the call returns, the events survive the end of the
    /// process.
    /// </summary>
    /// <param name="messages">
    /// The events; empty if only the position moves. Of several events with the same id, in one call or in several, the first is stored. The caller may reuse
    /// the bytes when the call returns.
    /// </param>
    /// <param name="checkpoint">How far the journal has been read with these events. Default: the events do not come from a journal.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of new events.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="messages"/> or one of them is null.</exception>
    /// <exception cref="JournalLeaseLostException">
    /// The checkpoint's lease has ended, was released, or belongs to another owner; nothing was stored. This applies even if no other owner has acquired the
    /// lease.
    /// </exception>
    ValueTask<int> AddAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes waiting events that are due, and hides them from other workers for a time. Events that have been due the longest come first; new events come in
    /// the order in which they were stored. An event whose last attempt ended without an outcome is returned alone: a call returns one such event, or other
    /// events.
    /// </summary>
    /// <param name="maxCount">The maximum number of events to take; over 0.</param>
    /// <param name="visibilityTimeout">How long they are hidden; over zero, up to 30 days. <see cref="RenewAsync"/> extends it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The events; empty if none is due.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default);

    /// <summary>Hides a taken event for a time from now on. The call may be late: the event belongs to the caller until another worker takes it.</summary>
    /// <param name="delivery">The taken event.</param>
    /// <param name="visibilityTimeout">How long; over zero, up to 30 days.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False if the event was delivered again, or is already settled: stop working on it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="delivery"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="visibilityTimeout"/> is out of range.</exception>
    ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default);

    /// <summary>Reports the outcome of a taken event. The call may be late, as with <see cref="RenewAsync"/>.</summary>
    /// <param name="delivery">The taken event.</param>
    /// <param name="outcome">Completed, retry, dead letter, or returned.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False if the event was delivered again, or is already settled: the other worker's outcome counts.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default);

    /// <summary>
    /// Completes a taken event and takes the next one, so that a worker needs one round trip to the store for each event. It never takes an event whose
    /// last attempt ended without an outcome: use <see cref="TakeAsync"/>. If the call fails, an event may have been taken; it is delivered again after its
    /// visibility timeout. Default: only completes.
    /// </summary>
    /// <param name="delivery">The taken event.</param>
    /// <param name="visibilityTimeout">How long the next event is hidden; over zero, up to 30 days.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="delivery"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="visibilityTimeout"/> is out of range.</exception>
    async ValueTask<InboxCompletion> CompleteAndTakeAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) =>
        new(await SettleAsync(delivery, InboxOutcome.Completed, cancellationToken).ConfigureAwait(false), null);

    /// <summary>Counts the events in each state.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the dead letters, oldest first.</summary>
    /// <param name="maxCount">The maximum number to read; over 0.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is out of range.</exception>
    ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default);

    /// <summary>Requeues a dead letter. It is due immediately, and its attempts and reason are reset.</summary>
    /// <param name="id">The id of the event.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False if there is no dead letter with that id.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> is null or empty.</exception>
    ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes completed events. An event that arrives again after that is stored again, so the retention must be longer than the time in which Adobe repeats
    /// an event: 7 days for the journal. Dead letters are kept.
    /// </summary>
    /// <param name="retention">The minimum time since their completion; zero or more.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of removed events.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="retention"/> is negative.</exception>
    ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    async ValueTask IJournalRelayStore.SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await AddAsync([], new InboxCheckpoint(name, position, lease), cancellationToken).ConfigureAwait(false);
    }
}
