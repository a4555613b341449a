using System.Collections.ObjectModel;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Jobs;

/// <summary>A request that waits for the events of its renditions.</summary>
internal sealed class RenditionJob
{
    private static long s_count;
    private readonly RenditionEvent?[] _events;
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JobTelemetry _telemetry;
    private readonly Action<RenditionEvent>? _onRendition;
    private readonly long _begun;
    private int _missing;
    private int _hasEnded;

    public RenditionJob(string requestId, ProcessRequest request, JobPump pump, JobTelemetry telemetry, Action<RenditionEvent>? onRendition)
    {
        _telemetry = telemetry;
        _begun = telemetry.Begun();
        RequestId = requestId;
        Request = request;
        Pump = pump;

        // In this order: where jobs start at once, the one with the lower number stands for both in a snapshot, and must not have read its position after the other had left.
        Start = pump.Position;
        Number = Interlocked.Increment(ref s_count);
        _onRendition = onRendition;
        _events = new RenditionEvent?[request.Renditions.Count];
        _missing = _events.Length;
    }

    public string RequestId { get; }

    /// <summary>A second id, where the service has given the request another one.</summary>
    public string? Alias { get; set; }

    /// <summary>Whether the service has accepted the request.</summary>
    public bool WasAccepted { get; set; }

    /// <summary>Whether it is a part of another job, which is not done before.</summary>
    public bool IsPart { get; init; }

    /// <summary>Grows from job to job.</summary>
    public long Number { get; }

    public ProcessRequest Request { get; }

    public JobPump Pump { get; }

    /// <summary>Where the journal stood before the request left: every event of it comes later.</summary>
    public JournalPosition Start { get; }

    /// <summary>Complete when every rendition has its event, or failed when none will come any more.</summary>
    public Task Completion => _completion.Task;

    public IReadOnlyList<RenditionEvent> Received
    {
        get
        {
            lock (_events)
            {
                // A job that has them all gets no more.
                return _missing == 0 ? new ReadOnlyCollection<RenditionEvent>(_events!) : [.. _events.OfType<RenditionEvent>()];
            }
        }
    }

    /// <summary>To be called when nobody waits for the job any more. Called again, it does nothing.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _telemetry.Ended(_begun, Completion.Status == TaskStatus.RanToCompletion);
        }
    }

    public void Fail(Exception exception) => _completion.TrySetException(exception);

    public RenditionJobTimeoutException OutOfTime(TimeSpan timeout)
    {
        IReadOnlyList<Rendition> missing;
        lock (_events)
        {
            missing = [.. Request.Renditions.Where((_, index) => _events[index] is null)];
        }

        string names = string.Join(", ", missing.Select(rendition => rendition.Name ?? rendition.Format?.Value ?? "(no name)"));
        Exception? failure = Pump.LastFailure;
        string reading = failure is null ? "" : $" The journal could not be read lately: {failure.Message}";
        return new RenditionJobTimeoutException(
            $"The request {RequestId} was accepted, but {missing.Count} of its {_events.Length} events did not come within {timeout}: {names}. They may still come.{reading}",
            failure)
        {
            RequestId = RequestId,
            Missing = missing,
            Received = Received,
        };
    }

    /// <summary>Takes in an event of this request. One that was here before is dropped.</summary>
    public void Accept(JournalChunk chunk, in JournalSlice slice)
    {
        RenditionEvent answer;
        bool complete;
        lock (_events)
        {
            int index = IndexOf(chunk, slice);
            if (index < 0 || _events[index] is not null)
            {
                return;
            }

            answer = Parse(chunk, slice, Request.Renditions[index]);
            _events[index] = answer;
            complete = --_missing == 0;
        }

        _telemetry.Finished(answer);
        try
        {
            _onRendition?.Invoke(answer);
        }
        catch (Exception exception)
        {
            // The caller's own code threw: that ends the caller's job, and must not end the reading for all others.
            Fail(exception);
        }

        if (complete)
        {
            _completion.TrySetResult(true);
        }
    }

    private RenditionEvent Parse(JournalChunk chunk, in JournalSlice slice, Rendition rendition)
    {
        bool created = slice.Kind == RenditionEventKind.Created;
        return created
            && !slice.HasMore
            && RequestIdOf(chunk, slice) is { } requestId
            && EventParser.TryParseAnswer(
                requestId,
                chunk.JsonOf(slice.DateStart, slice.DateLength),
                chunk.JsonOf(slice.MetadataStart, slice.MetadataLength),
                Request,
                rendition,
                out RenditionCreated? answer)
            ? answer
            : EventParser.ParseAnswer(chunk.Buffer.AsSpan(slice.EventStart, slice.EventLength), Request, rendition, created);
    }

    /// <summary>The request id in an event: nearly always the job's own, which needs no new string. Null where there is none, or what may be no text.</summary>
    private string? RequestIdOf(JournalChunk chunk, in JournalSlice slice)
    {
        ReadOnlySpan<byte> bytes = chunk.Buffer.AsSpan(slice.RequestIdStart, slice.RequestIdLength);
        bool same = bytes.Length == RequestId.Length;
        for (int i = 0; same && i < bytes.Length; i++)
        {
            same = bytes[i] == RequestId[i];
        }

        if (same || bytes.IsEmpty || slice.HasEscapes)
        {
            return same ? RequestId : null;
        }

        string text = chunk.TextOf(slice, slice.RequestIdStart, slice.RequestIdLength);
        return text.IndexOf('\uFFFD') < 0 ? text : null;
    }

    /// <summary>
    /// Which rendition an event is about: by the index that was sent along, or where the service has not handed that back, by name and format.
    /// </summary>
    private int IndexOf(JournalChunk chunk, in JournalSlice slice)
    {
        if (slice.RenditionIndex >= 0)
        {
            return slice.RenditionIndex < _events.Length ? slice.RenditionIndex : -1;
        }

        if (EventParser.Parse(chunk.Buffer.AsMemory(slice.EventStart, slice.EventLength)) is RenditionEvent { Rendition: { } rendition })
        {
            for (int i = 0; i < _events.Length; i++)
            {
                Rendition wanted = Request.Renditions[i];
                if (_events[i] is null && wanted.Name == rendition.Name && wanted.Format == rendition.Format)
                {
                    return i;
                }
            }
        }

        return -1;
    }
}
