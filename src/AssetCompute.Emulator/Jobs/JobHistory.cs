namespace AssetCompute.Emulator;

/// <summary>The newest jobs, so many and no more.</summary>
internal sealed class JobHistory(int capacity)
{
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
            if (_jobs.Count > capacity)
            {
                _jobs.RemoveLast();
            }
        }
    }
}
