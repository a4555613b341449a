namespace AssetCompute.Client.Jobs;

/// <summary>A request, and the events of its renditions.</summary>
/// <param name="requestId">The id that the request is sent with.</param>
/// <param name="request">The request, as the caller passed it in.</param>
/// <param name="options">How to run it.</param>
/// <param name="telemetry">Counts the jobs.</param>
internal sealed class RenditionJob(string requestId, ProcessRequest request, RenditionJobOptions options, JobTelemetry telemetry)
{
    private static long s_count;
    private readonly RenditionEvent?[] _events = new RenditionEvent?[request.Renditions?.Count ?? 0];
    private TaskCompletionSource<IReadOnlyList<RenditionEvent>> _completion = new();
    private ExecutionContext? _context;

    public string RequestId { get; } = requestId;

    public ProcessRequest Request { get; } = request;

    public RenditionJobOptions Options { get; } = options;

    /// <summary>A second id, if the service gave the request another id.</summary>
    public string? Alias { get; set; }

    /// <summary>Whether the service has accepted the request.</summary>
    public bool WasAccepted { get; set; }

    /// <summary>A number that increases with each job that starts to wait.</summary>
    public long Number { get; private set; }

    /// <summary>The subscription on which the job waits; null before it does.</summary>
    public JournalSubscription? Subscription { get; private set; }

    /// <summary>The position of the journal before the request was sent. All its events come later.</summary>
    public JournalPosition Start { get; private set; }

    /// <summary>Completes when every rendition has its event, or fails if no more events can arrive.</summary>
    public Task<IReadOnlyList<RenditionEvent>> Completion => _completion.Task;

    /// <summary>The events that have arrived, in the order of the request.</summary>
    public IReadOnlyList<RenditionEvent> Received
    {
        get
        {
            lock (_events)
            {
                return [.. _events.OfType<RenditionEvent>()];
            }
        }
    }

    /// <summary>Starts to wait on a subscription, which adds the job under its lock.</summary>
    public void Enter(JournalSubscription subscription)
    {
        Subscription = subscription;
        Start = subscription.Position;
        Number = Interlocked.Increment(ref s_count);
        _completion = new TaskCompletionSource<IReadOnlyList<RenditionEvent>>(TaskCreationOptions.RunContinuationsAsynchronously);

        // The subscription has no caller's context. The callback runs in the context of its caller.
        _context = Options.OnRendition is null ? null : ExecutionContext.Capture();
    }

    /// <summary>Waits for all events.</summary>
    /// <exception cref="RenditionJobTimeoutException">Not all events arrived in time.</exception>
    public async Task<IReadOnlyList<RenditionEvent>> WaitAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            return await Completion.WaitAsync(Options.Timeout, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The last event and the timeout may coincide.
            return Completion.IsCompleted ? await Completion.ConfigureAwait(false) : throw OutOfTime();
        }
    }

    /// <summary>Leaves the subscription. Further calls have no effect.</summary>
    public void Leave() => Subscription?.Leave(this);

    public void Fail(Exception exception) => _completion.TrySetException(exception);

    /// <summary>Accepts an event of this request. A repeated event is dropped.</summary>
    /// <param name="rendition">The event.</param>
    /// <param name="index">The index of the rendition, as the service echoed it; null if it did not.</param>
    public void Accept(RenditionEvent rendition, int? index)
    {
        RenditionEvent answer;
        bool isLast;
        lock (_events)
        {
            // If the service has not echoed the index, name and format identify the rendition.
            int place = index is >= 0 and int echoed
                ? echoed
                : Request.Renditions.TakeWhile((requested, i) => _events[i] is not null || requested.Name != rendition.Rendition.Name || requested.Format != rendition.Rendition.Format).Count();
            if (place >= _events.Length || _events[place] is not null)
            {
                return;
            }

            // The echoed objects are replaced with the caller's own objects.
            answer = rendition with
            {
                Source = Request.Source,
                UserData = Request.UserData,
                Rendition = Request.Renditions[place],
            };
            _events[place] = answer;
            isLast = Array.TrueForAll(_events, static received => received is not null);
        }

        telemetry.Finished(answer);
        Notify(answer);
        if (isLast)
        {
            _completion.TrySetResult(Received);
        }
    }

    private void Notify(RenditionEvent answer)
    {
        try
        {
            if (_context is null)
            {
                Options.OnRendition?.Invoke(answer);
            }
            else
            {
                ExecutionContext.Run(_context.CreateCopy(), state => Options.OnRendition!((RenditionEvent)state!), answer);
            }
        }
        catch (Exception exception)
        {
            // The caller's code failed. That ends the caller's job, and must not end reading for all others.
            Fail(exception);
        }
    }

    private RenditionJobTimeoutException OutOfTime()
    {
        IReadOnlyList<Rendition> missing;
        lock (_events)
        {
            missing = [.. Request.Renditions.Where((_, index) => _events[index] is null)];
        }

        string names = string.Join(", ", missing.Select(rendition => rendition.Name ?? rendition.Format?.Value ?? "(no name)"));
        Exception? failure = Subscription?.LastFailure;
        string reading = failure is null ? "" : $" The last reads of the journal failed: {failure.Message}";
        return new RenditionJobTimeoutException(
            $"The request {RequestId} was accepted, but {missing.Count} of its {_events.Length} events did not arrive within {Options.Timeout}: {names}. They may still arrive.{reading}",
            failure)
        {
            RequestId = RequestId,
            Missing = missing,
            Received = Received,
        };
    }
}
