using System.Diagnostics.CodeAnalysis;

namespace AssetCompute.Client.Journal;

/// <summary>
/// What is being handled, in the order of the journal. Handlers finish in any order; what may be committed is the last position before which
/// nothing is open. No more entries are let in than one commit holds, so no more than that is handled again after a crash.
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

    /// <param name="capacity">How many entries may be open or uncommitted; a single larger batch is let in alone.</param>
    /// <param name="timeProvider">Tells how long an item has been open.</param>
    public CommitWindow(int capacity, TimeProvider timeProvider)
    {
        _capacity = capacity;
        _timeProvider = timeProvider;
    }

    /// <summary>When the oldest entry that is not handled yet was let in; null where all are.</summary>
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

    /// <summary>Notes a position that reading has come to without an entry there: committed once all before it is handled.</summary>
    public void Pass(JournalPosition position)
    {
        lock (_lock)
        {
            _open.Enqueue(new Item(position, 0, _timeProvider.GetUtcNow()) { IsHandled = true });
            Settle();
        }
    }

    /// <summary>Lets entries in behind all that were let in before.</summary>
    /// <returns>False where there is no room: wait for it, and try again.</returns>
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

    /// <summary>Waits until something was committed since room was refused.</summary>
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

    /// <summary>Whether to commit now: as many entries are uncommitted as may be, or room is waited for.</summary>
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

    /// <summary>Takes what may be committed; null where there is nothing new.</summary>
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

    /// <summary>Makes room for what was taken and is committed now.</summary>
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
