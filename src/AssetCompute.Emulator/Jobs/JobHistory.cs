namespace AssetCompute.Emulator;

/// <summary>The newest jobs, limited by number and by size in bytes.</summary>
internal sealed class JobHistory(int capacity)
{
    private const long MostBytes = 64L << 20;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<Guid, Job> _jobs = [];
    private long _bytes;

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
    public long Forgotten { get; private set; }

    public Job? Find(Guid id)
    {
        lock (_gate)
        {
            return _jobs.GetValueOrDefault(id);
        }
    }

    /// <summary>Finds a job by its id as it is in URLs.</summary>
    public Job? Find(string? id) => Guid.TryParseExact(id, "N", out var key) ? Find(key) : null;

    public void Add(Job job)
    {
        lock (_gate)
        {
            _jobs.Add(job.Id, job);
            _bytes += job.Bytes;
            while (_jobs.Count > capacity || (_jobs.Count > 1 && _bytes > MostBytes))
            {
                Remove(_jobs.GetAt(0).Value);
                Forgotten++;
            }
        }
    }

    /// <summary>Removes the jobs that have ended. Open jobs stay.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _jobs.Values.Where(static job => !job.IsOpen).ToList().ForEach(Remove);
            Forgotten = 0;
        }
    }

    private void Remove(Job job)
    {
        _jobs.Remove(job.Id);
        _bytes -= job.Bytes;
        Forgot?.Invoke(job);
    }
}
