using System.Collections.ObjectModel;

namespace AssetCompute.Client.Jobs;

/// <summary>A request that waits for the events of its renditions.</summary>
internal sealed class RenditionJob
{
    private static long s_count;
    private readonly RenditionEvent?[] _events;
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JobTelemetry _telemetry;
    private readonly Action<RenditionEvent>? _onRendition;
    private readonly ExecutionContext? _context;
    private readonly long _begun;
    private int _missing;
    private int _hasEnded;

    public RenditionJob(string requestId, ProcessRequest request, JournalSubscription subscription, JobTelemetry telemetry, Action<RenditionEvent>? onRendition)
    {
        _telemetry = telemetry;
        _begun = telemetry.Begun();
        RequestId = requestId;
        Request = request;
        Subscription = subscription;

        // In this order: where jobs start at once, the one with the lower number stands for both in a snapshot, and must not have read its position after the other had left.
        Start = subscription.Position;
        Number = Interlocked.Increment(ref s_count);
        _onRendition = onRendition;

        // The subscription has no context of any caller. The callback has that of its own.
        _context = onRendition is null ? null : ExecutionContext.Capture();
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

    public JournalSubscription Subscription { get; }

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
        Exception? failure = Subscription.LastFailure;
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

    /// <summary>Takes an event of this request. One that came before is dropped.</summary>
    /// <param name="rendition">The event.</param>
    /// <param name="index">The index of the rendition, as the service echoed it; null when it did not.</param>
    public void Accept(RenditionEvent rendition, int? index)
    {
        RenditionEvent answer;
        bool complete;
        lock (_events)
        {
            int place = index is >= 0 ? index.Value : IndexOf(rendition.Rendition);
            if (place < 0 || place >= _events.Length || _events[place] is not null)
            {
                return;
            }

            // What the event echoes is the caller's own: the same objects as in the request.
            answer = rendition with
            {
                RequestId = rendition.RequestId == RequestId ? RequestId : rendition.RequestId,
                Source = Request.Source,
                UserData = Request.UserData,
                Rendition = Request.Renditions[place],
            };
            _events[place] = answer;
            complete = --_missing == 0;
        }

        _telemetry.Finished(answer);
        Notify(answer);
        if (complete)
        {
            _completion.TrySetResult(true);
        }
    }

    private void Notify(RenditionEvent answer)
    {
        if (_onRendition is null)
        {
            return;
        }

        try
        {
            if (_context is null)
            {
                _onRendition(answer);
            }
            else
            {
                ExecutionContext.Run(_context.CreateCopy(), state => _onRendition((RenditionEvent)state!), answer);
            }
        }
        catch (Exception exception)
        {
            // The caller's own code failed. That ends the caller's job, and must not end the reading for all others.
            Fail(exception);
        }
    }

    /// <summary>Finds a rendition by name and format, when the service has not echoed the index.</summary>
    private int IndexOf(Rendition rendition)
    {
        for (int i = 0; i < _events.Length; i++)
        {
            Rendition wanted = Request.Renditions[i];
            if (_events[i] is null && wanted.Name == rendition.Name && wanted.Format == rendition.Format)
            {
                return i;
            }
        }

        return -1;
    }
}
