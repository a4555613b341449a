using System.Collections.Concurrent;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>The waiting jobs, by request id.</summary>
internal sealed class JobTable
{
    private readonly ConcurrentDictionary<string, RenditionJob> _jobs = new(StringComparer.Ordinal);

    /// <summary>Every job, once for each id it is known under.</summary>
    public IEnumerable<RenditionJob> Jobs => _jobs.Values;

    /// <exception cref="ArgumentException">Another job waits under the same request id.</exception>
    public void Add(RenditionJob job)
    {
        if (!_jobs.TryAdd(job.RequestId, job))
        {
            throw new ArgumentException($"Another job waits under the same {nameof(ProcessRequest.RequestId)}: {job.RequestId}");
        }
    }

    /// <summary>Adds a second id for a job, when the service gave its request another one.</summary>
    public void AddAlias(RenditionJob job, string alias)
    {
        job.Alias = alias;
        _jobs.TryAdd(alias, job);
    }

    public void Remove(RenditionJob job)
    {
        RemoveOwn(job.RequestId, job);
        if (job.Alias is { } alias)
        {
            RemoveOwn(alias, job);
        }
    }

    /// <summary>Returns the jobs that wait, the oldest first.</summary>
    public IReadOnlyList<RenditionJob> ByAge() => [.. _jobs.Values.Distinct().OrderBy(job => job.Number)];

    /// <summary>Passes events to the jobs that wait for them. All others are ignored.</summary>
    public void Dispatch(IReadOnlyList<JournalEntry> entries)
    {
        foreach (JournalEntry entry in entries)
        {
            if (entry.Event is not RenditionEvent rendition)
            {
                continue;
            }

            JobMark mark = JobMark.Of(rendition);
            if (Find(mark.RequestId) is { } job || (job = Find(rendition.RequestId)) is not null)
            {
                job.Accept(rendition, mark.Index);
            }
        }
    }

    private RenditionJob? Find(string? requestId) => requestId is not null && _jobs.TryGetValue(requestId, out RenditionJob? job) ? job : null;

    /// <summary>Another job may be known under the same id: one that was refused for it must not remove it.</summary>
    private void RemoveOwn(string id, RenditionJob job) =>
        ((ICollection<KeyValuePair<string, RenditionJob>>)_jobs).Remove(new KeyValuePair<string, RenditionJob>(id, job));
}
