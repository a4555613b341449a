namespace AssetCompute.Emulator;

/// <summary>The newest jobs, so many and of so many bytes and no more.</summary>
internal sealed class JobHistory(int capacity)
{
    private const long MostBytes = 64L << 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<Job> _jobs = [];
    private readonly Dictionary<Guid, Job> _byId = [];
    private long _bytes;
    private long _forgotten;

    /// <summary>Raised with each job that leaves.</summary>
    public event Action<Job>? Forgot;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Job> Newest
    {
        get
        {
            lock (_gate)
            {
                return [.. _jobs];
            }
        }
    }

    /// <summary>How many jobs left for want of room.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    public Job? Find(Guid id)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    public void Add(Job job)
    {
        List<Job> forgotten = [];
        lock (_gate)
        {
            _jobs.AddFirst(job);
            _byId[job.Id] = job;
            _bytes += job.Bytes;
            while (_jobs.Count > capacity || (_jobs.Count > 1 && _bytes > MostBytes))
            {
                forgotten.Add(_jobs.Last!.Value);
                Remove(_jobs.Last);
            }
        }

        Interlocked.Add(ref _forgotten, forgotten.Count);
        forgotten.ForEach(left => Forgot?.Invoke(left));
    }

    /// <summary>Removes what has ended; open jobs stay.</summary>
    public void Clear()
    {
        List<Job> cleared = [];
        lock (_gate)
        {
            for (var node = _jobs.First; node is not null;)
            {
                var next = node.Next;
                if (!node.Value.IsOpen)
                {
                    cleared.Add(node.Value);
                    Remove(node);
                }

                node = next;
            }
        }

        Interlocked.Exchange(ref _forgotten, 0);
        cleared.ForEach(left => Forgot?.Invoke(left));
    }

    private void Remove(LinkedListNode<Job> node)
    {
        _jobs.Remove(node);
        _byId.Remove(node.Value.Id);
        _bytes -= node.Value.Bytes;
    }
}
