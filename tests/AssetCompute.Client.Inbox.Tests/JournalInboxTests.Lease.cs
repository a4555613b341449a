using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Tests.Inbox;

public sealed partial class JournalInboxTests
{
    [Fact]
    public async Task Run_TwoInstances_OneReads()
    {
        _journal.Page(0, 2);
        _ = Start(_inbox);
        _ = Start(new HookedInbox(_store));

        await UntilAsync(async () => await PositionAsync() == At(1));
        DateTimeOffset until = _time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await UntilAsync(() => Task.FromResult(_time.GetUtcNow() > until));

        Assert.Single(_journal.Starts);
    }

    [Fact]
    public async Task Run_ReaderThatIsCutOff_StopsByItsOwnClockBeforeAnotherTakesOver()
    {
        _journal.Page(0, 2);
        _ = Start(_inbox);
        await UntilAsync(async () => await PositionAsync() == At(1));
        _ = Start(new HookedInbox(_store));

        // From now on, none of the reader's calls reaches the inbox, and no response comes back.
        DateTimeOffset cutOff = _time.GetUtcNow();
        TaskCompletionSource never = new();
        _inbox.Before = async method =>
        {
            if (method != nameof(IEventInbox.ReleaseLeaseAsync))
            {
                await Task.WhenAny(never.Task, Task.Delay(TimeSpan.FromSeconds(6), _time, CancellationToken.None));
            }

            throw new InboxException("The network is gone.");
        };
        DateTimeOffset? stopped = null;
        await UntilAsync(async () =>
        {
            stopped ??= await IsReaderAsync(0) ? null : _time.GetUtcNow();
            return await IsReaderAsync(1);
        });
        TimeSpan takenOver = _time.GetUtcNow() - cutOff;
        never.SetResult();
        await UntilAsync(() => Task.FromResult(_journal.Starts.Count > 1));

        Assert.NotNull(stopped);
        Assert.InRange(takenOver, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10));
        Assert.Equal(At(1), _journal.Starts[^1]);
    }

    [Fact]
    public async Task Run_ReaderThatStoodStillWhileAnotherTookOver_StoresNothing()
    {
        _journal.Page(0, 2);
        FakeTimeProvider timeOfTheStore = new();
        InMemoryEventInbox store = new(timeOfTheStore);
        HookedInbox inbox = new(store)
        {
            Before = async method =>
            {
                // The reader's own clock has not moved, so the reader cannot detect the loss of its lease.
                if (method == nameof(IEventInbox.AddAsync))
                {
                    timeOfTheStore.Advance(TimeSpan.FromHours(1));
                    await store.TryAcquireLeaseAsync("journal:journal", "another", TimeSpan.FromDays(1), Cancellation);
                }
            },
        };
        _ = Start(inbox);

        await UntilAsync(async () => (await HealthAsync()).Status == HealthStatus.Healthy && !await IsReaderAsync(0));

        Assert.Equal(new InboxCounts(0, 0, 0, 0), await store.CountAsync(Cancellation));
        Assert.Null(await store.LoadCheckpointAsync("journal", Cancellation));
    }

    [Fact]
    public async Task Stop_Reader_GivesTheLeaseToTheNextAtOnce()
    {
        _journal.Page(0, 2);
        Task running = Start(_inbox);
        await UntilAsync(async () => await PositionAsync() == At(1));

        await StopAsync();
        await running;

        Assert.NotNull(await _store.TryAcquireLeaseAsync("journal:journal", "another", TimeSpan.FromSeconds(1), Cancellation));
    }
}
