namespace AssetCompute.Emulator;

/// <summary>The newest jobs, limited by number and by size in bytes.</summary>
internal sealed class JobHistory(int capacity)
{
    private const long MostBytes = 64L << 20;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<Guid, Job> _jobs = [];
    private long _bytes;
    private long _forgotten;

    /// <summary>Raised for each job that is removed.</summary>
    public event Action<Job>? Forgot;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Job> Newest
    {
        get
        {
            lock (_gate)
            {
                return [.. _jobs.Values.Reverse()];
            }
        }
    }

    /// <summary>The number of jobs that were removed because of the limits.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    public Job? Find(Guid id)
    {
        lock (_gate)
        {
            return _jobs.GetValueOrDefault(id);
        }
    }

    public void Add(Job job)
    {
        List<Job> forgotten = [];
        lock (_gate)
        {
            if (_jobs.TryGetValue(job.Id, out var former))
            {
                // An earlier run saved it for the page before it was finished.
                Remove(former);
            }

            _jobs.Add(job.Id, job);
            _bytes += job.Bytes;
            while (_jobs.Count > capacity || (_jobs.Count > 1 && _bytes > MostBytes))
            {
                forgotten.Add(_jobs.GetAt(0).Value);
                Remove(forgotten[^1]);
            }
        }

        Interlocked.Add(ref _forgotten, forgotten.Count);
        forgotten.ForEach(left => Forgot?.Invoke(left));
    }

    /// <summary>Removes the jobs that have ended. Open jobs stay.</summary>
    public void Clear()
    {
        List<Job> cleared;
        lock (_gate)
        {
            cleared = [.. _jobs.Values.Where(static job => !job.IsOpen)];
            cleared.ForEach(Remove);
        }

        Interlocked.Exchange(ref _forgotten, 0);
        cleared.ForEach(left => Forgot?.Invoke(left));
    }

    private void Remove(Job job)
    {
        _jobs.Remove(job.Id);
        _bytes -= job.Bytes;
    }
}
