using System.Diagnostics.CodeAnalysis;

namespace AssetCompute.Client.Journal;

/// <summary>
/// The entries that are being handled, in the order of the journal. Handlers finish in any order; the window commits the last position before which nothing
/// is open. It admits at most one commit's worth of entries, which limits how many are handled again after a crash.
/// </summary>
internal sealed class CommitWindow : IDisposable
{
    private readonly int _capacity;
    private readonly TimeProvider _timeProvider;
    private readonly object _lock = new();
    private readonly Queue<Item> _open = new();
    private readonly SemaphoreSlim _freed = new(0);
    private JournalPosition? _committable;
    private int _uncommitted;
    private int _inside;
    private bool _isAwaited;

    /// <param name="capacity">How many entries may be open or uncommitted. A larger batch is admitted alone.</param>
    /// <param name="timeProvider">Measures how long an item has been open.</param>
    public CommitWindow(int capacity, TimeProvider timeProvider)
    {
        _capacity = capacity;
        _timeProvider = timeProvider;
    }

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

    /// <summary>Notes a position without an entry. It is committed once everything before it is handled.</summary>
    public void Pass(JournalPosition position)
    {
        lock (_lock)
        {
            _open.Enqueue(new Item(position, 0, _timeProvider.GetUtcNow()) { IsHandled = true });
            Settle();
        }
    }

    /// <summary>Adds entries after all earlier ones.</summary>
    /// <returns>False if there is no room: wait for it, and try again.</returns>
    public bool TryAdd(JournalPosition position, int count, [NotNullWhen(true)] out Item? item)
    {
        lock (_lock)
        {
            if (_inside > 0 && _inside + count > _capacity)
            {
                _isAwaited = true;
                item = null;
                return false;
            }

            item = new Item(position, count, _timeProvider.GetUtcNow());
            _open.Enqueue(item);
            _inside += count;
            return true;
        }
    }

    /// <summary>Waits for a commit since the window was full.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken) => _freed.WaitAsync(cancellationToken);

    /// <summary>Notes that entries are handled.</summary>
    public void Complete(Item item)
    {
        lock (_lock)
        {
            item.IsHandled = true;
            Settle();
        }
    }

    /// <summary>Whether to commit now: the maximum number of entries is uncommitted, or a caller waits for room.</summary>
    public bool IsDue
    {
        get
        {
            lock (_lock)
            {
                return _committable is not null && (_isAwaited || _uncommitted >= _capacity);
            }
        }
    }

    /// <summary>Takes the position to commit; null if there is nothing new.</summary>
    public (JournalPosition Position, int Count)? Take()
    {
        lock (_lock)
        {
            if (_committable is not { } position)
            {
                return null;
            }

            int count = _uncommitted;
            _committable = null;
            _uncommitted = 0;
            return (position, count);
        }
    }

    /// <summary>Makes room after the taken entries are committed.</summary>
    public void Committed(int count)
    {
        lock (_lock)
        {
            _inside -= count;
            if (_isAwaited)
            {
                _isAwaited = false;
                _freed.Release();
            }
        }
    }

    public void Dispose() => _freed.Dispose();

    private void Settle()
    {
        while (_open.Count > 0 && _open.Peek().IsHandled)
        {
            Item handled = _open.Dequeue();
            _committable = handled.Position;
            _uncommitted += handled.Count;
        }
    }

    internal sealed class Item(JournalPosition position, int count, DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;

        public JournalPosition Position { get; } = position;

        public int Count { get; } = count;

        public bool IsHandled { get; set; }
    }
}
