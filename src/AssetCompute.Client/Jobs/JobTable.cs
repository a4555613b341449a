using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>The waiting jobs, by request id.</summary>
internal sealed class JobTable
{
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

    /// <summary>Passes events to the jobs that wait for them. All others are ignored.</summary>
    public void Dispatch(IReadOnlyList<JournalEntry> entries)
    {
        foreach (RenditionEvent rendition in entries.Select(static entry => entry.Event).OfType<RenditionEvent>())
        {
            (string? requestId, int? index) = MarkOf(rendition);
            if (Find(requestId) is { } job || (job = Find(rendition.RequestId)) is not null)
            {
                job.Accept(rendition, index);
            }
        }
    }

    /// <summary>
    /// Returns the client's additions to the user data of the rendition (<see cref="ReservedUserData"/>); null if the event does not echo them.
    /// </summary>
    private static (string? RequestId, int? Index) MarkOf(RenditionEvent rendition)
    {
        try
        {
            return rendition.Rendition.UserData?[ReservedUserData.Key] is JsonObject mark
                ? (mark[ReservedUserData.Request] is JsonValue request && request.TryGetValue(out string? id) ? id : null,
                    mark[ReservedUserData.Index] is JsonValue index && index.TryGetValue(out int value) ? value : null)
                : default;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // User data of another client, with names that are not valid Unicode or are repeated.
            return default;
        }
    }

    private RenditionJob? Find(string? requestId) => requestId is not null && _jobs.TryGetValue(requestId, out RenditionJob? job) ? job : null;
}
