using System.Collections.Concurrent;
using System.Text;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Jobs;

/// <summary>The waiting jobs, by request id.</summary>
internal sealed class JobTable
{
    private static readonly byte[] s_key = Encoding.UTF8.GetBytes(ReservedUserData.Key);
    private static readonly byte[] s_request = Encoding.UTF8.GetBytes(ReservedUserData.Request);
    private static readonly byte[] s_index = Encoding.UTF8.GetBytes(ReservedUserData.Index);

    private readonly ConcurrentDictionary<string, RenditionJob> _jobs = new(StringComparer.Ordinal);

    /// <summary>The jobs, one entry for each id of a job.</summary>
    public IEnumerable<RenditionJob> Jobs => _jobs.Values;

    /// <exception cref="ArgumentException">Another job with the same request id is waiting.</exception>
    public void Add(RenditionJob job)
    {
        if (!_jobs.TryAdd(job.RequestId, job))
        {
            throw new ArgumentException($"Another job waits under the same {nameof(ProcessRequest.RequestId)}: {job.RequestId}");
        }
    }

    /// <summary>Adds a second id for a job, if the service gave its request another id.</summary>
    public void AddAlias(RenditionJob job, string alias)
    {
        job.Alias = alias;
        _jobs.TryAdd(alias, job);
    }

    /// <summary>Removes the ids of a job. A job that was refused because of a duplicate id must not remove the other one.</summary>
    public void Remove(RenditionJob job)
    {
        ICollection<KeyValuePair<string, RenditionJob>> jobs = _jobs;
        jobs.Remove(new KeyValuePair<string, RenditionJob>(job.RequestId, job));
        jobs.Remove(new KeyValuePair<string, RenditionJob>(job.Alias ?? job.RequestId, job));
    }

    /// <summary>Returns the waiting jobs, oldest first.</summary>
    public IReadOnlyList<RenditionJob> ByAge() => [.. _jobs.Values.Distinct().OrderBy(job => job.Number)];

    /// <summary>Passes events to the jobs that wait for them. All others are ignored, and not parsed.</summary>
    public void Dispatch(IReadOnlyList<JournalEntry> entries)
    {
        foreach (JournalEntry entry in entries)
        {
            // The client's addition to the user data of the rendition. Without it, the id that the service gave the request.
            EventHead head = EventHead.OfContent(entry.Raw.Span);
            ReadOnlySpan<byte> mark = EventHead.Field(EventHead.Field(head.Rendition, "userData"u8), s_key);
            if ((Find(EventHead.Text(EventHead.Field(mark, s_request))) ?? Find(head.RequestId)) is { } job && entry.Event is RenditionEvent rendition)
            {
                job.Accept(rendition, EventHead.Number(EventHead.Field(mark, s_index)));
            }
        }
    }

    private RenditionJob? Find(string? requestId) => requestId is not null && _jobs.TryGetValue(requestId, out RenditionJob? job) ? job : null;
}
