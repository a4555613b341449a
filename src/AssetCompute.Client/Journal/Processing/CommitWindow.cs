namespace AssetCompute.Client.Journal;

/// <summary>
/// What is being handled, in the order of the journal. Handlers finish in any order; what may be committed is the last position before
/// which nothing is open.
/// </summary>
internal sealed class CommitWindow
{
    private readonly object _lock = new();
    private readonly Queue<Item> _open = new();
    private JournalPosition? _committable;
    private int _uncommitted;

    /// <summary>Adds entries behind all that were added before.</summary>
    public Item Add(JournalPosition position, int count)
    {
        Item item = new(position, count);
        lock (_lock)
        {
            _open.Enqueue(item);
        }

        return item;
    }

    /// <summary>Notes that entries are handled.</summary>
    /// <returns>How many entries could be committed now.</returns>
    public int Complete(Item item)
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

            return _uncommitted;
        }
    }

    /// <summary>Takes the position that may be committed; null where there is nothing new.</summary>
    public JournalPosition? Take()
    {
        lock (_lock)
        {
            JournalPosition? position = _committable;
            _committable = null;
            _uncommitted = 0;
            return position;
        }
    }

    internal sealed class Item(JournalPosition position, int count)
    {
        public JournalPosition Position { get; } = position;

        public int Count { get; } = count;

        public bool IsHandled { get; set; }
    }
}
