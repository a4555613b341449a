using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>The jobs that wait, by request id, and the hand that brings them their events.</summary>
internal sealed class JobTable
{
    private const int MaxIdCharacters = 256;
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

    /// <summary>Lets a job be found under a second id, where the service has given the request another one.</summary>
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

    /// <summary>The jobs that wait, the oldest first.</summary>
    public IReadOnlyList<RenditionJob> ByAge() => [.. _jobs.Values.Distinct().OrderBy(job => job.Number)];

    /// <summary>Brings the events of a chunk to the jobs that wait for them; all others are passed by.</summary>
    [MethodImpl(HotPath.Options)]
    public void Dispatch(JournalChunk chunk)
    {
        for (int i = 0; i < chunk.Slices.Length; i++)
        {
            ref readonly JournalSlice slice = ref chunk.Slices[i];
            if (slice.Kind == RenditionEventKind.Other)
            {
                continue;
            }

            RenditionJob? job = Find(chunk, slice, slice.CorrelationStart, slice.CorrelationLength)
                ?? Find(chunk, slice, slice.RequestIdStart, slice.RequestIdLength);
            job?.Accept(chunk, slice);
        }
    }

    [MethodImpl(HotPath.Options)]
    private RenditionJob? Find(JournalChunk chunk, in JournalSlice slice, int start, int length)
    {
        if (length == 0)
        {
            return null;
        }

        RenditionJob? job;
#if NET9_0_OR_GREATER
        if (!slice.HasEscapes && length <= MaxIdCharacters)
        {
            Span<char> id = stackalloc char[MaxIdCharacters];
            int characters = Encoding.UTF8.GetChars(chunk.Buffer.AsSpan(start, length), id);
            return _jobs.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id.Slice(0, characters), out job) ? job : null;
        }
#endif
        return length <= MaxIdCharacters * 6 && _jobs.TryGetValue(chunk.TextOf(slice, start, length), out job) ? job : null;
    }

    /// <summary>Another job may stand under the same id: one that was refused for it must not take it away.</summary>
    private void RemoveOwn(string id, RenditionJob job) =>
        ((ICollection<KeyValuePair<string, RenditionJob>>)_jobs).Remove(new KeyValuePair<string, RenditionJob>(id, job));
}
