using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests.Inbox;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Sqlite.Tests;

/// <summary>The inbox in a file keeps what every inbox promises; each instance is a connection of its own, as another process would have.</summary>
public sealed class SqliteEventInboxTests : EventInboxContract
{
    private readonly FakeTimeProvider _time = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inbox-");
    private readonly List<SqliteEventInbox> _opened = [];

    protected override DateTimeOffset Now => _time.GetUtcNow();

    protected override ValueTask<IEventInbox> OpenAsync()
    {
        // What waits for the disk is not under test here, and costs a second for each test on a slow one.
        SqliteEventInbox inbox = new(new SqliteInboxOptions { Path = Path.Combine(_folder.FullName, "sub", "inbox.db"), Synchronous = SqliteSynchronousMode.Normal }, _time);
        _opened.Add(inbox);
        return new(inbox);
    }

    protected override Task AdvanceAsync(TimeSpan duration)
    {
        _time.Advance(duration);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (SqliteEventInbox inbox in _opened)
        {
            await inbox.DisposeAsync();
        }

        _folder.Delete(recursive: true);
        await base.DisposeAsync();
    }
}
