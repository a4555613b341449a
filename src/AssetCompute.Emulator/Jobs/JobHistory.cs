namespace AssetCompute.Emulator;

/// <summary>The newest jobs, so many and of so many bytes and no more.</summary>
internal sealed class JobHistory(int capacity)
{
    private const long MostBytes = 64L << 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<Job> _jobs = new();

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

    public void Add(Job job)
    {
        lock (_gate)
        {
            _jobs.AddFirst(job);
            while (_jobs.Count > capacity || (_jobs.Count > 1 && _jobs.Sum(static kept => kept.Bytes) > MostBytes))
            {
                _jobs.RemoveLast();
            }
        }
    }
}
