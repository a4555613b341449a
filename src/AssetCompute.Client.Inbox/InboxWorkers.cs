using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Inbox;

/// <summary>Takes events from an inbox as handlers come free, and hands them out. An inbox that fails is waited for.</summary>
internal sealed class InboxWorkers : BackgroundService
{
    private static readonly TimeSpan s_purgeInterval = TimeSpan.FromHours(1);

    private readonly IEventInbox _inbox;
    private readonly InboxWorkerOptions _options;
    private readonly InboxDeliveryRun _run;
    private readonly InboxRetry _retry;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;

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

    /// <summary>Runs until it is told to stop, and drains what is being handled.</summary>
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
            // Told to stop: what is under way is drained below.
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
                    // Owned by its slot: draining waits for every slot.
                    _ = RunOneAsync(delivery, slots, stopping.IsCancellationRequested, draining);
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

    private async Task RunOneAsync(InboxDelivery delivery, SemaphoreSlim slots, bool giveBack, CancellationToken draining)
    {
        try
        {
            await Task.Yield();
            await (giveBack ? _run.SettleAsync(delivery, InboxOutcome.Returned, draining) : _run.RunAsync(delivery, draining)).ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>
    /// Runs an event whose process died before, while nothing else runs: if it is the cause, it takes no other event with it. Handlers that take long hold it up for a third of the visibility
    /// timeout at most, within which it needs no renewal; and it holds up the others for one visibility timeout at most, since an event that kills its process does so at once.
    /// </summary>
    private async Task RunAloneAsync(InboxDelivery suspect, SemaphoreSlim slots, int held, CancellationToken stopping, CancellationToken draining)
    {
        InboxLog.RunsAlone(_logger, suspect.Id, suspect.Attempt);
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
                // Waited long enough, or told to stop: then the event is given back.
            }
        }

        try
        {
            await RunOneAsync(suspect, slots, stopping.IsCancellationRequested, draining).WaitAsync(_options.VisibilityTimeout, _timeProvider, stopping).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException || stopping.IsCancellationRequested)
        {
            // It goes on in its own slot, like any other.
        }
        finally
        {
            if (held > 1)
            {
                slots.Release(held - 1);
            }
        }
    }

    /// <summary>Until the inbox says that events are due, or it is time to look.</summary>
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
            // Nobody called: the interval is over.
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
            // Told to stop.
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
