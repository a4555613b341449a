using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

public sealed class CommitWindowTests : IDisposable
{
    private readonly List<string?> _saved = [];
    private readonly CommitWindow _window;
    private Task _store = Task.CompletedTask;

    public CommitWindowTests() => _window = new CommitWindow(
        capacity: 3,
        async position =>
        {
            await _store;
            _saved.Add(position.Value);
        },
        TimeProvider.System);

    [Fact]
    public async Task Save_LaterOneHandledFirst_NeverPassesTheOpenOne()
    {
        CommitWindow.Item first = Add(1);
        CommitWindow.Item second = Add(2);

        await _window.CompleteAsync(second);
        await _window.SaveAsync();
        Assert.Empty(_saved);

        await _window.CompleteAsync(first);
        await _window.SaveAsync();
        await _window.SaveAsync();
        Assert.Equal(["2"], _saved);
    }

    [Fact]
    public async Task Add_Full_WaitsUntilSomethingIsSaved()
    {
        CommitWindow.Item first = Add(1);
        Add(2);
        Add(3);

        Task<CommitWindow.Item> fourth = AddAsync(4);
        TaskCompletionSource stored = new();
        _store = stored.Task;
        Task completing = _window.CompleteAsync(first);
        Assert.False(fourth.IsCompleted);

        stored.SetResult();
        await completing;
        await fourth;
        Assert.Equal(["1"], _saved);
    }

    [Fact]
    public async Task Add_BatchLargerThanTheWindow_IsLetInAlone()
    {
        CommitWindow.Item big = Add(9, count: 10);
        Task<CommitWindow.Item> next = AddAsync(10);
        Assert.False(next.IsCompleted);

        await _window.CompleteAsync(big);

        await next;
        Assert.Equal(["9"], _saved);
    }

    [Fact]
    public async Task Complete_PositionBehindAnOpenEntry_IsSavedWithIt()
    {
        CommitWindow.Item first = Add(1);
        await _window.CompleteAsync(Add(2, count: 0));
        await _window.SaveAsync();
        Assert.Empty(_saved);
        Assert.NotNull(_window.OldestOpen);

        await _window.CompleteAsync(first);
        await _window.SaveAsync();
        Assert.Equal(["2"], _saved);
        Assert.Null(_window.OldestOpen);
    }

    [Fact]
    public async Task Complete_FewHandled_IsNotSavedBeforeTheWindowIsFull()
    {
        await _window.CompleteAsync(Add(1));
        await _window.CompleteAsync(Add(2));
        Assert.Empty(_saved);

        await _window.CompleteAsync(Add(3));
        Assert.Equal(["3"], _saved);
    }

    public void Dispose() => _window.Dispose();

    private Task<CommitWindow.Item> AddAsync(int position, int count = 1) => _window.AddAsync(JournalPosition.After($"{position}"), count, TestContext.Current.CancellationToken).AsTask();

    private CommitWindow.Item Add(int position, int count = 1)
    {
        Task<CommitWindow.Item> added = AddAsync(position, count);
        Assert.True(added.IsCompletedSuccessfully);
        return added.Result;
    }
}
