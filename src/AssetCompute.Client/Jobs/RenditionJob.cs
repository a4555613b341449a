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

        // In this order: of jobs that start at once, the one with the lower number stands for both in a snapshot, and must not have read its position after the other had left.
        Start = subscription.Position;
        Number = Interlocked.Increment(ref s_count);
        _onRendition = onRendition;

        // The subscription has no context of any caller. The callback has that of its own.
        _context = onRendition is null ? null : ExecutionContext.Capture();
        _events = new RenditionEvent?[request.Renditions.Count];
        _missing = _events.Length;
    }

    public string RequestId { get; }

    /// <summary>A second id, when the service has given the request another one.</summary>
    public string? Alias { get; set; }

    /// <summary>Whether the service has accepted the request.</summary>
    public bool WasAccepted { get; set; }

    /// <summary>Whether it is a part of another job, which is not complete before.</summary>
    public bool IsPart { get; init; }

    /// <summary>Grows from job to job.</summary>
    public long Number { get; }

    public ProcessRequest Request { get; }

    public JournalSubscription Subscription { get; }

    /// <summary>The position of the journal before the request was sent: all its events come later.</summary>
    public JournalPosition Start { get; }

    /// <summary>Completes when every rendition has its event, or fails when none will come any more.</summary>
    public Task Completion => _completion.Task;

    public IReadOnlyList<RenditionEvent> Received
    {
        get
        {
            lock (_events)
            {
                // A complete job gets no more events.
                return _missing == 0 ? new ReadOnlyCollection<RenditionEvent>(_events!) : [.. _events.OfType<RenditionEvent>()];
            }
        }
    }

    /// <summary>Waits for all events.</summary>
    /// <exception cref="RenditionJobTimeoutException">They did not come in time.</exception>
    public async Task<IReadOnlyList<RenditionEvent>> WaitAsync(TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            await Completion.WaitAsync(timeout, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!Completion.IsCompleted)
        {
            throw OutOfTime(timeout);
        }
        catch (TimeoutException)
        {
            // The last event and the limit came together.
            await Completion.ConfigureAwait(false);
        }
        finally
        {
            End();
        }

        return Received;
    }

    /// <summary>Ends the measurement of the job. Called again, it does nothing.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _telemetry.Ended(_begun, Completion.Status == TaskStatus.RanToCompletion);
        }
    }

    public void Fail(Exception exception) => _completion.TrySetException(exception);

    /// <summary>Accepts an event of this request. A repeated one is dropped.</summary>
    /// <param name="rendition">The event.</param>
    /// <param name="index">The index of the rendition, as the service echoed it; null when it did not.</param>
    public void Accept(RenditionEvent rendition, int? index)
    {
        RenditionEvent answer;
        bool complete;
        lock (_events)
        {
            int place = index is >= 0 ? index.Value : IndexOf(rendition.Rendition);
            if (place >= _events.Length || _events[place] is not null)
            {
                return;
            }

            // What the event echoes is replaced with the caller's own objects.
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
        try
        {
            if (_context is null)
            {
                _onRendition?.Invoke(answer);
            }
            else
            {
                ExecutionContext.Run(_context.CreateCopy(), state => _onRendition!((RenditionEvent)state!), answer);
            }
        }
        catch (Exception exception)
        {
            // The caller's own code failed. That ends the caller's job, and must not end reading for all others.
            Fail(exception);
        }
    }

    /// <summary>Finds a rendition by name and format, when the service has not echoed the index.</summary>
    private int IndexOf(Rendition rendition)
    {
        int place = 0;
        while (place < _events.Length && (_events[place] is not null || Request.Renditions[place].Name != rendition.Name || Request.Renditions[place].Format != rendition.Format))
        {
            place++;
        }

        return place;
    }

    private RenditionJobTimeoutException OutOfTime(TimeSpan timeout)
    {
        IReadOnlyList<Rendition> missing;
        lock (_events)
        {
            missing = [.. Request.Renditions.Where((_, index) => _events[index] is null)];
        }

        string names = string.Join(", ", missing.Select(rendition => rendition.Name ?? rendition.Format?.Value ?? "(no name)"));
        Exception? failure = Subscription.LastFailure;
        string reading = failure is null ? "" : $" The last reads of the journal failed: {failure.Message}";
        return new RenditionJobTimeoutException(
            $"The request {RequestId} was accepted, but {missing.Count} of its {_events.Length} events did not come within {timeout}: {names}. They may still come.{reading}",
            failure)
        {
            RequestId = RequestId,
            Missing = missing,
            Received = Received,
        };
    }
}
