namespace AssetCompute.Client.Journal;

/// <summary>
/// The entries that are being handled, in the order of the journal. Handlers finish in any order; the window saves the last position before which nothing is
/// open. It admits at most one commit's worth of entries, which limits how many are handled again after a crash.
/// </summary>
/// <param name="capacity">How many entries may be open or unsaved. A larger batch is admitted alone.</param>
/// <param name="save">Saves a position; one call at a time. After an exception, the position is not saved and its entries stay counted: the caller must stop.</param>
/// <param name="timeProvider">Measures how long an item has been open.</param>
internal sealed class CommitWindow(int capacity, Func<JournalPosition, ValueTask> save, TimeProvider timeProvider) : IDisposable
{
    private readonly object _lock = new();
    private readonly Queue<Item> _open = new();
    private readonly SemaphoreSlim _room = new(capacity);
    private readonly SemaphoreSlim _saving = new(1, 1);
    private JournalPosition? _savable;
    private int _unsaved;

    /// <summary>When the oldest unhandled entry was admitted; null if all are handled.</summary>
    public DateTimeOffset? OldestOpen
    {
        get
        {
            lock (_lock)
            {
                return _open.Count == 0 ? null : _open.Peek().Since;
            }
        }
    }

    /// <summary>Adds entries after all earlier ones. Waits until there is room for them. One call at a time.</summary>
    /// <param name="position">The position after the entries.</param>
    /// <param name="count">How many entries; 0 for a position without entries.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask<Item> AddAsync(JournalPosition position, int count, CancellationToken cancellationToken)
    {
        int taken = Math.Min(count, capacity);
        for (int i = 0; i < taken; i++)
        {
            Task entering = _room.WaitAsync(cancellationToken);
            if (!entering.IsCompleted)
            {
                // Entries that were handled before this wait are saved here, and later ones when they are handled.
                await SaveAsync().ConfigureAwait(false);
            }

            await entering.ConfigureAwait(false);
        }

        Item item = new(position, taken, timeProvider.GetUtcNow());
        lock (_lock)
        {
            _open.Enqueue(item);
        }

        return item;
    }

    /// <summary>Notes that entries are handled. Saves the position if there is no more room.</summary>
    public Task CompleteAsync(Item item)
    {
        lock (_lock)
        {
            item.IsHandled = true;
            while (_open.Count > 0 && _open.Peek().IsHandled)
            {
                Item handled = _open.Dequeue();
                _savable = handled.Position;
                _unsaved += handled.Count;
            }
        }

        return _room.CurrentCount == 0 ? SaveAsync() : Task.CompletedTask;
    }

    /// <summary>Saves the position before which everything is handled, if it is new.</summary>
    public async Task SaveAsync()
    {
        await _saving.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            JournalPosition? position;
            int count;
            lock (_lock)
            {
                (position, count, _savable, _unsaved) = (_savable, _unsaved, null, 0);
            }

            if (position is { } handled)
            {
                await save(handled).ConfigureAwait(false);
                if (count > 0)
                {
                    _room.Release(count);
                }
            }
        }
        finally
        {
            _saving.Release();
        }
    }

    public void Dispose()
    {
        _saving.Dispose();
        _room.Dispose();
    }

    internal sealed record Item(JournalPosition Position, int Count, DateTimeOffset Since)
    {
        public bool IsHandled { get; set; }
    }
}
