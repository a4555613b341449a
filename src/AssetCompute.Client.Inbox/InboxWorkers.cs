using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Inbox;

/// <summary>Takes events from an inbox when handlers are free, and runs them. If the inbox fails, the workers wait for it.</summary>
internal sealed class InboxWorkers : BackgroundService
{
    private static readonly TimeSpan s_purgeInterval = TimeSpan.FromHours(1);

    private readonly IEventInbox _inbox;
    private readonly InboxWorkerOptions _options;
    private readonly InboxDeliveryRun _run;
    private readonly InboxRetry _retry;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private volatile bool _runsAlone;

    public InboxWorkers(IEventInbox inbox, InboxWorkerOptions options, Func<InboxDelivery, CancellationToken, ValueTask> handle, ILogger logger, TimeProvider timeProvider)
    {
        _inbox = inbox;
        _options = options;
        _logger = logger;
        _timeProvider = timeProvider;
        _retry = new InboxRetry(logger, timeProvider);
        _run = new InboxDeliveryRun(inbox, options, handle, _retry, logger, timeProvider);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    /// <summary>Runs until it is stopped, and drains the events in progress.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using CancellationTokenSource draining = new();
        using SemaphoreSlim slots = new(_options.MaxParallelism, _options.MaxParallelism);
        Channel<bool> wake = Channel.CreateBounded<bool>(1);
        EventHandler onDue = (_, _) => wake.Writer.TryWrite(true);
        _inbox.EventsDue += onDue;
        Task purging = PurgeAsync(stopping);
        try
        {
            await TakeAsync(slots, wake.Reader, stopping, draining.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped: the events in progress are drained below.
        }
        finally
        {
            await DrainAsync(slots, draining).ConfigureAwait(false);
            _inbox.EventsDue -= onDue;
        }

        await purging.ConfigureAwait(false);
    }

    private async Task TakeAsync(SemaphoreSlim slots, ChannelReader<bool> wake, CancellationToken stopping, CancellationToken draining)
    {
        while (true)
        {
            await slots.WaitAsync(stopping).ConfigureAwait(false);
            int free = 1;
            while (free < _options.MaxParallelism && await slots.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false))
            {
                free++;
            }

            int begun = 0;
            try
            {
                IReadOnlyList<InboxDelivery> deliveries = await _retry.RunAsync(token => _inbox.TakeAsync(free, _options.VisibilityTimeout, token), stopping).ConfigureAwait(false);
                if (deliveries is [{ WasAbandoned: true } suspect])
                {
                    begun = free;
                    await RunAloneAsync(suspect, slots, free, stopping, draining).ConfigureAwait(false);
                    continue;
                }

                foreach (InboxDelivery delivery in deliveries)
                {
                    // Runs in its slot. A drain waits for all slots.
                    _ = RunAsync(delivery, slots, stopping, draining);
                    begun++;
                }
            }
            finally
            {
                if (begun < free)
                {
                    slots.Release(free - begun);
                }
            }

            stopping.ThrowIfCancellationRequested();
            if (begun < free)
            {
                await WaitForEventsAsync(wake, stopping).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Runs a taken event, and then each next event that the inbox returns when it completes one.</summary>
    private async Task RunAsync(InboxDelivery first, SemaphoreSlim slots, CancellationToken stopping, CancellationToken draining)
    {
        try
        {
            await Task.Yield();
            InboxDelivery? next = first;
            while (next is { } delivery)
            {
                InboxOutcome? outcome = stopping.IsCancellationRequested ? InboxOutcome.Returned : await _run.HandleAsync(delivery, draining).ConfigureAwait(false);
                bool takesNext = !_runsAlone && !stopping.IsCancellationRequested;
                next = outcome is null ? null : await _run.SettleAsync(delivery, outcome, takesNext, draining).ConfigureAwait(false);
            }
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>
    /// Runs an event whose process crashed before, while no other event runs. If the event is the cause, a new crash affects no other event. It waits for
    /// slow handlers for at most a third of the visibility timeout, during which it needs no renewal. It blocks the others for at most one visibility
    /// timeout: an event that crashes its process does so quickly.
    /// </summary>
    private async Task RunAloneAsync(InboxDelivery suspect, SemaphoreSlim slots, int held, CancellationToken stopping, CancellationToken draining)
    {
        InboxLog.RunsAlone(_logger, suspect.Id, suspect.Attempt);
        _runsAlone = true;
        using (CancellationTokenSource limit = new(TimeSpan.FromTicks(_options.VisibilityTimeout.Ticks / 3), _timeProvider))
        using (CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping))
        {
            try
            {
                for (; held < _options.MaxParallelism; held++)
                {
                    await slots.WaitAsync(any.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                // The wait is over, or the workers were stopped: the event is returned.
            }
        }

        try
        {
            await RunAsync(suspect, slots, stopping, draining).WaitAsync(_options.VisibilityTimeout, _timeProvider, stopping).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException || stopping.IsCancellationRequested)
        {
            // It continues in its own slot, like any other event.
        }
        finally
        {
            _runsAlone = false;
            if (held > 1)
            {
                slots.Release(held - 1);
            }
        }
    }

    /// <summary>Waits until the inbox reports due events, or until the next poll.</summary>
    private async Task WaitForEventsAsync(ChannelReader<bool> wake, CancellationToken stopping)
    {
        using CancellationTokenSource interval = new(_options.PollInterval, _timeProvider);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(interval.Token, stopping);
        try
        {
            await wake.ReadAsync(any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // No signal: the poll interval has passed.
        }
    }

    private async Task PurgeAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                int removed = await _retry.RunAsync(token => _inbox.RemoveCompletedAsync(_options.Retention, token), stopping).ConfigureAwait(false);
                if (removed > 0)
                {
                    InboxLog.Removed(_logger, removed);
                }

                await Task.Delay(s_purgeInterval, _timeProvider, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task DrainAsync(SemaphoreSlim slots, CancellationTokenSource draining)
    {
        ITimer limit = _timeProvider.CreateTimer(_ => InboxDeliveryRun.Cancel(draining, _logger), state: null, _options.DrainTimeout, Timeout.InfiniteTimeSpan);
        await using (limit.ConfigureAwait(false))
        {
            for (int i = 0; i < _options.MaxParallelism; i++)
            {
                await slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
