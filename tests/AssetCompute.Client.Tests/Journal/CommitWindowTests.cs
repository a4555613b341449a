using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

public sealed class CommitWindowTests : IDisposable
{
    private readonly CommitWindow _window = new(capacity: 3, TimeProvider.System);

    [Fact]
    public void Take_LaterOneHandledFirst_NeverPassesTheOpenOne()
    {
        CommitWindow.Item first = Add(1);
        CommitWindow.Item second = Add(2);

        _window.Complete(second);
        Assert.Null(_window.Take());

        _window.Complete(first);
        Assert.Equal((JournalPosition.After("2"), 2), _window.Take());
        Assert.Null(_window.Take());
    }

    [Fact]
    public async Task TryAdd_Full_RefusesUntilSomethingIsCommitted()
    {
        CommitWindow.Item first = Add(1);
        Add(2);
        Add(3);

        Assert.False(_window.TryAdd(JournalPosition.After("4"), 1, out _));
        Task room = _window.WaitForRoomAsync(TestContext.Current.CancellationToken);
        _window.Complete(first);
        Assert.True(_window.IsDue);
        Assert.False(room.IsCompleted);

        _window.Committed(_window.Take()!.Value.Count);
        await room;
        Add(4);
    }

    [Fact]
    public void TryAdd_BatchLargerThanTheWindow_IsLetInAlone()
    {
        Assert.True(_window.TryAdd(JournalPosition.After("9"), 10, out CommitWindow.Item? big));
        Assert.False(_window.TryAdd(JournalPosition.After("10"), 1, out _));
        _window.Complete(big);
        Assert.True(_window.IsDue);
    }

    [Fact]
    public void Pass_BehindAnOpenEntry_IsCommittedWithIt()
    {
        CommitWindow.Item first = Add(1);
        _window.Pass(JournalPosition.After("end"));
        Assert.Null(_window.Take());
        Assert.NotNull(_window.OldestOpen);

        _window.Complete(first);
        Assert.Equal((JournalPosition.After("end"), 1), _window.Take());
        Assert.Null(_window.OldestOpen);
    }

    [Fact]
    public void IsDue_FewHandled_IsFalse()
    {
        _window.Complete(Add(1));
        Assert.False(_window.IsDue);
        Assert.NotNull(_window.Take());
    }

    public void Dispose() => _window.Dispose();

    private CommitWindow.Item Add(int position)
    {
        Assert.True(_window.TryAdd(JournalPosition.After($"{position}"), 1, out CommitWindow.Item? item));
        return item;
    }
}
