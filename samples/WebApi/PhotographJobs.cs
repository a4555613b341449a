using System.Collections.Concurrent;
using System.Threading.Channels;

namespace WebApi;

/// <summary>The most recent photographs, limited in number. Their files are in a folder that is removed when the program ends.</summary>
internal sealed class PhotographJobs : IDisposable
{
    private const int Kept = 50;

    private readonly Lock _gate = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("photographs-").FullName;
    private readonly ConcurrentDictionary<string, PhotographJob> _jobs = new();
    private readonly Queue<PhotographJob> _order = new();
    private readonly Channel<PhotographJob> _waiting = Channel.CreateBounded<PhotographJob>(Kept);

    public ChannelReader<PhotographJob> Waiting => _waiting.Reader;

    public PhotographJob? Find(string id) => _jobs.GetValueOrDefault(id);

    /// <summary>Stores a photograph from a stream and adds it to the queue.</summary>
    public async Task<PhotographJob> AddAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        string id = Guid.NewGuid().ToString("N");
        PhotographJob job = new(id, name, Directory.CreateDirectory(Path.Combine(_folder, id)).FullName);
        try
        {
            await using (FileStream file = File.Create(job.SourcePath))
            {
                await content.CopyToAsync(file, cancellationToken);
            }

            _jobs[id] = job;
            await _waiting.Writer.WriteAsync(job, cancellationToken);
        }
        catch
        {
            _jobs.TryRemove(id, out _);
            Directory.Delete(job.Folder, recursive: true);
            throw;
        }

        Keep(job);
        return job;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Makes room for a photograph, one call at a time. Two concurrent calls could also remove the next photograph, which may be in progress.</summary>
    private void Keep(PhotographJob job)
    {
        lock (_gate)
        {
            _order.Enqueue(job);
            while (_order.Count > Kept && _order.Peek().IsDone)
            {
                PhotographJob oldest = _order.Dequeue();
                _jobs.TryRemove(oldest.Id, out _);
                Directory.Delete(oldest.Folder, recursive: true);
            }
        }
    }
}
