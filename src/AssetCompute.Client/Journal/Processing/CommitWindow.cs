using System.Diagnostics.CodeAnalysis;

namespace AssetCompute.Client.Journal;

/// <summary>
/// What is being handled, in the order of the journal. Handlers finish in any order; what may be committed is the last position before which
/// nothing is open. No more entries are let in than one commit holds, so no more than that is handled again after a crash.
/// </summary>
internal sealed class CommitWindow : IDisposable
{
    private readonly int _capacity;
    private readonly object _lock = new();
    private readonly Queue<Item> _open = new();
    private readonly SemaphoreSlim _freed = new(0);
    private JournalPosition? _committable;
    private int _uncommitted;
    private int _inside;
    private bool _isAwaited;

    /// <param name="capacity">How many entries may be open or uncommitted; a single larger batch is let in alone.</param>
    public CommitWindow(int capacity) => _capacity = capacity;

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

            item = new Item(position, count);
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
            while (_open.Count > 0 && _open.Peek().IsHandled)
            {
                Item handled = _open.Dequeue();
                _committable = handled.Position;
                _uncommitted += handled.Count;
            }
        }
    }

    /// <summary>How urgent a commit is.</summary>
    public CommitNeed Need
    {
        get
        {
            lock (_lock)
            {
                return _uncommitted == 0 ? CommitNeed.None
                    : _isAwaited || _uncommitted >= _capacity ? CommitNeed.Now
                    : CommitNeed.Soon;
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

    internal sealed class Item(JournalPosition position, int count)
    {
        public JournalPosition Position { get; } = position;

        public int Count { get; } = count;

        public bool IsHandled { get; set; }
    }
}
