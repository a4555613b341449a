using System.Collections.Concurrent;
using System.Net;
using AssetCompute.Client.Tests.Jobs;

namespace AssetCompute.Client.Tests.Journal.Processing;

/// <summary>At most one commit's worth of entries is open or unsaved, and the checkpoint never passes an open one.</summary>
public sealed partial class JournalProcessorTests
{
    [Fact]
    public async Task Run_OneHandlerHangs_BeginsNoMoreThanOneCommitBehindTheCheckpoint()
    {
        (_run.Options.CommitCount, _run.Options.MaxParallelism) = (4, 2);
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConcurrentQueue<int> begun = [];
        _run.Handle = (entries, token) =>
        {
            int index = ProcessorRun.IndexOf(entries[0]);
            begun.Enqueue(index);
            return index == 2 ? open.Task.WaitAsync(token) : Task.CompletedTask;
        };
        _run.Publish(0, 20).Start();

        // The entries 0 and 1 are saved, although a commit is not full, so that two more start behind the open one.
        await _run.HandledAsync(5);
        await Task.Delay(20, Cancel);
        Assert.Equal(Enumerable.Range(0, 6), begun.Order());
        Assert.Equal(ProcessorRun.At(1), _run.Store.Saved.Last());

        open.SetResult();
        await _run.HandledAsync(20);
        await _run.StopAsync();
        Assert.Equal(ProcessorRun.At(19), _run.Store.Saved.Last());
    }

    [Fact]
    public async Task Run_SaveThatHangs_OthersBeginUpToOneCommit()
    {
        (_run.Options.CommitCount, _run.Options.MaxParallelism) = (6, 2);
        TaskCompletionSource saved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int saves = 0;
        _run.Store.BeforeSave = () =>
        {
            Interlocked.Increment(ref saves);
            return saved.Task;
        };
        _run.Publish(0, 2).Start();
        await AdvanceUntilAsync(() => Volatile.Read(ref saves) == 1);

        _run.Publish(2, 10);
        await AdvanceUntilAsync(() => _run.Handled.Count >= 6);
        _run.Service.Time.Advance(_run.Options.CommitInterval);
        await Task.Delay(20, Cancel);
        Assert.Equal(Enumerable.Range(0, 6), _run.Handled.Order());
        Assert.Equal(1, Volatile.Read(ref saves));

        saved.SetResult();
        await AdvanceUntilAsync(() => _run.Handled.Count == 12);
        await _run.StopAsync();
        Assert.Equal(ProcessorRun.At(11), _run.Store.Saved.Last());
    }

    [Fact]
    public async Task Run_FirstEntryIsOpenAndASecondIsHandled_TheIntervalSavesNothing()
    {
        _run.Service.HoldsBack = true;
        _run.Options.MaxParallelism = 2;
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isSavedWhileOpen = false;
        _run.Store.BeforeSave = () =>
        {
            isSavedWhileOpen |= !open.Task.IsCompleted;
            return Task.CompletedTask;
        };
        _run.Handle = (entries, token) => ProcessorRun.IndexOf(entries[0]) == 0 ? open.Task.WaitAsync(token) : Task.CompletedTask;
        _run.Publish(0, 2).Start();
        await _run.HandledAsync(1);
        await FakeService.UntilAsync(() => _run.Service.Time.NextTimer == _run.Options.CommitInterval);

        _run.Service.Time.Advance(_run.Options.CommitInterval);
        await FakeService.UntilAsync(() => _run.Service.Time.NextTimer == _run.Options.CommitInterval);
        Assert.Empty(_run.Store.Saved);

        open.SetResult();
        await AdvanceUntilAsync(() => _run.Store.Saved.LastOrDefault() == ProcessorRun.At(1));
        Assert.False(isSavedWhileOpen);
    }

    [Fact]
    public async Task Run_HandlerThatWorksBeforeItsFirstWait_DoesNotHoldUpTheOthers()
    {
        _run.Options.MaxParallelism = 2;
        using ManualResetEventSlim second = new();
        _run.Handle = (entries, token) =>
        {
            if (ProcessorRun.IndexOf(entries[0]) == 0)
            {
                second.Wait(token);
            }
            else
            {
                second.Set();
            }

            return Task.CompletedTask;
        };
        _run.Publish(0, 2).Start();

        await _run.HandledAsync(2);
    }

    [Fact]
    public async Task Run_EndOfTheJournalBehindAnOpenEntry_IsSavedWithIt()
    {
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _run.Handle = (_, token) => open.Task.WaitAsync(token);
        _run.Service.Instead = request => request.RequestUri switch
        {
            { AbsolutePath: not "/events/1" } => null,
            { Query: { } query } when query.Contains("since", StringComparison.Ordinal) => Answer(HttpStatusCode.NoContent, "", 9),
            _ => Answer(HttpStatusCode.OK, """{"events":[{"position":"p:000000","event":{"type":"test","index":0}}]}""", 0),
        };
        _run.Start();
        await AdvanceUntilAsync(() => _run.Notices.Count >= 3);
        Assert.Empty(_run.Store.Saved);

        open.SetResult();
        await AdvanceUntilAsync(() => !_run.Store.Saved.IsEmpty);

        Assert.Equal(ProcessorRun.At(9), _run.Store.Saved.Last());
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body, int next)
    {
        HttpResponseMessage response = new(status) { Content = new StringContent(body) };
        response.Headers.TryAddWithoutValidation("Link", $"<?since={FakeService.Position(next)}>; rel=\"next\"");
        return response;
    }
}
