using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests.Inbox;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Sqlite.Tests;

/// <summary>The file-based inbox meets the common inbox contract. Each instance has a separate connection, as in another process.</summary>
public sealed class SqliteEventInboxTests : EventInboxContract
{
    private readonly FakeTimeProvider _time = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inbox-");
    private readonly List<SqliteEventInbox> _opened = [];

    protected override DateTimeOffset Now => _time.GetUtcNow();

    protected override ValueTask<IEventInbox> OpenAsync()
    {
        // These tests do not cover durability. Waiting for a slow disk would add a second to each test.
        SqliteEventInbox inbox = new(Path.Combine(_folder.FullName, "sub", "inbox.db"), waitsForDisk: false, timeProvider: _time);
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
