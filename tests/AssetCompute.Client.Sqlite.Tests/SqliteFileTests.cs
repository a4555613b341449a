using System.Reflection;
using System.Text;
using AssetCompute.Client.Inbox;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Sqlite.Tests;

/// <summary>The file of an inbox: its content, concurrent use by others, and the error messages if it cannot be used.</summary>
public sealed partial class SqliteFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inbox-");

    private string FilePath => Path.Combine(_folder.FullName, "inbox.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Statements => new()
    {
        { SqliteInboxStatements.Due, 1 },
        { SqliteInboxStatements.Shared.ReadDeadLetters, 1 },
        { SqliteInboxStatements.Shared.RemoveCompleted, 2 },
        { SqliteInboxStatements.Insert, 3 },
        { SqliteInboxStatements.Take, 2 },
        { SqliteInboxStatements.Shared.Settle, 7 },
        { SqliteInboxStatements.Complete, 2 },
        { SqliteInboxStatements.RemoveBody, 1 },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Open_FileOfAnEarlierRun_HasWhatWasStored()
    {
        await using (SqliteEventInbox inbox = Create())
        {
            await inbox.AddAsync([Message("a"), Message("b")], new InboxCheckpoint("journal", JournalPosition.After("p")), Cancellation);
            await inbox.SettleAsync((await inbox.TakeAsync(1, TimeSpan.FromHours(1), Cancellation))[0], InboxOutcome.Completed, Cancellation);
        }

        await using SqliteEventInbox again = Create();
        Assert.Equal(new InboxCounts(1, 0, 1, 0), await again.CountAsync(Cancellation));
        Assert.Equal(JournalPosition.After("p"), await again.LoadCheckpointAsync("journal", Cancellation));
        Assert.Equal("b", (await again.TakeAsync(10, TimeSpan.FromHours(1), Cancellation)).Single().Id);
    }

    [Fact]
    public async Task ReadAll_OfAFileThatDoesNotExist_NamesItsFullPathAndDoesNotCreateIt()
    {
        await using SqliteEventInbox inbox = Create();

        InboxException exception = await Assert.ThrowsAsync<InboxException>(() => inbox.ReadAllAsync(Cancellation).ToListAsync(Cancellation).AsTask());

        Assert.Contains($"There is no inbox at {FilePath}: check the path.", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void WaitsForDisk_ByDefault_IsTrue()
    {
        IEnumerable<MethodBase> members = [.. typeof(SqliteEventInbox).GetConstructors(), .. typeof(SqliteInboxServiceCollectionExtensions).GetMethods(BindingFlags.Public | BindingFlags.Static)];
        ParameterInfo[] parameters = [.. members.SelectMany(static member => member.GetParameters()).Where(static parameter => parameter.Name == "waitsForDisk")];

        Assert.Equal(2, parameters.Length);
        Assert.All(parameters, static parameter => Assert.Equal(true, parameter.DefaultValue));
    }

    [Fact]
    public async Task Open_ThatWaitsForTheDisk_IsFullAndWritesAhead()
    {
        using SqliteInboxDatabase database = SqliteInboxDatabase.Open(FilePath, waitsForDisk: true, TimeSpan.FromSeconds(1));

        Assert.Equal(2, database.Scalar("PRAGMA synchronous"));
        Assert.Equal(SqliteInboxSchema.Version, database.Scalar("PRAGMA user_version"));
        using SqliteDataReader mode = database.Query("PRAGMA journal_mode");
        Assert.True(mode.Read());
        Assert.Equal("wal", mode.GetString(0));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task LoadCheckpoint_TextThatIsNoPosition_SaysWhichAndFailsNoOtherCall()
    {
        await using SqliteEventInbox inbox = Create();
        await inbox.AddAsync([], new InboxCheckpoint("journal", JournalPosition.After("p")), Cancellation);
        using (SqliteInboxDatabase database = SqliteInboxDatabase.Open(FilePath, waitsForDisk: false, TimeSpan.FromSeconds(1)))
        {
            database.Run("UPDATE checkpoints SET position = 'nowhere'");
        }

        Task<JournalPosition?> load = inbox.LoadCheckpointAsync("journal", Cancellation).AsTask();
        Task<int> add = inbox.AddAsync([Message("a")], cancellationToken: Cancellation).AsTask();

        Assert.Contains("'journal'", (await Assert.ThrowsAsync<InboxException>(() => load)).Message, StringComparison.Ordinal);
        Assert.Equal(1, await add);
    }

    [Fact]
    public async Task Settle_Completed_FreesTheBytesOfTheEvent()
    {
        await using SqliteEventInbox inbox = Create();
        await inbox.AddAsync([Message("a"), Message("b")], cancellationToken: Cancellation);
        await inbox.SettleAsync((await inbox.TakeAsync(1, TimeSpan.FromHours(1), Cancellation))[0], InboxOutcome.Completed, Cancellation);

        using SqliteInboxDatabase database = SqliteInboxDatabase.Open(FilePath, waitsForDisk: false, TimeSpan.FromSeconds(1));
        Assert.Equal(1, database.Scalar("SELECT count(*) FROM bodies"));
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void Plan_OfEachStatement_UsesAnIndexAndSortsNothing(string sql, int parameters)
    {
        using SqliteInboxDatabase database = SqliteInboxDatabase.Open(FilePath, waitsForDisk: false, TimeSpan.FromSeconds(1));
        StringBuilder plan = new();
        using (SqliteDataReader rows = database.Query("EXPLAIN QUERY PLAN " + sql, [.. Enumerable.Range(1, parameters).Select(i => (object?)i)]))
        {
            while (rows.Read())
            {
                plan.AppendLine(rows.GetString(3));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(plan.ToString());
        Assert.DoesNotContain("SCAN", plan.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan.ToString(), StringComparison.Ordinal);
        Assert.True(sql == SqliteInboxStatements.Insert || plan.ToString().Contains("SEARCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_FullDisk_IsToldChangesNothingAndLaterGoesOn()
    {
        bool full = true;
        await using SqliteEventInbox inbox = new(
            new SqliteWorkQueue(
                () =>
                {
                    SqliteInboxDatabase database = SqliteInboxDatabase.Open(FilePath, waitsForDisk: false, TimeSpan.FromSeconds(1));
                    database.Run(full ? "PRAGMA max_page_count = 40" : "PRAGMA max_page_count = 10000");
                    return database;
                },
                FilePath),
            TimeProvider.System);
        await inbox.AddAsync([Message("a")], new InboxCheckpoint("journal", JournalPosition.After("p1")), Cancellation);

        InboxException failure = await Assert.ThrowsAsync<InboxException>(async () =>
            await inbox.AddAsync([new InboxMessage("large", new byte[1_000_000])], new InboxCheckpoint("journal", JournalPosition.After("p2")), Cancellation));

        Assert.Contains("is full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(JournalPosition.After("p1"), await inbox.LoadCheckpointAsync("journal", Cancellation));
        full = false;
        await Assert.ThrowsAsync<InboxException>(async () => await inbox.AddAsync([new InboxMessage("large", new byte[1_000_000])], cancellationToken: Cancellation));
        Assert.Equal(1, await inbox.AddAsync([new InboxMessage("large", new byte[1_000_000])], cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Write_FileThatIsReadOnly_SaysWhatRightsAreNeeded()
    {
        await using SqliteEventInbox inbox = new(
            new SqliteWorkQueue(
                () =>
                {
                    // File permissions do not restrict an administrator, so the connection is made read-only instead.
                    SqliteInboxDatabase database = SqliteInboxDatabase.Open(FilePath, waitsForDisk: false, TimeSpan.FromSeconds(1));
                    database.Run("PRAGMA query_only = ON");
                    return database;
                },
                FilePath),
            TimeProvider.System);

        InboxException failure = await Assert.ThrowsAsync<InboxException>(async () => await inbox.AddAsync([Message("a")], cancellationToken: Cancellation));

        Assert.Contains($"{FilePath} is read-only", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_FileLockedByAnotherProcess_WaitsIsCancelledAndInTheEndFails()
    {
        await using SqliteEventInbox inbox = new(FilePath, busyTimeout: TimeSpan.FromMilliseconds(300));
        await inbox.AddAsync([Message("a")], cancellationToken: Cancellation);
        using SqliteInboxDatabase other = SqliteInboxDatabase.Open(FilePath, waitsForDisk: false, TimeSpan.FromSeconds(1));
        other.Begin(static () => true);

        Task<int> waiting = inbox.AddAsync([Message("b")], cancellationToken: Cancellation).AsTask();
        using CancellationTokenSource source = new();
        Task<int> cancelled = inbox.AddAsync([Message("c")], cancellationToken: source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Contains("locked", (await Assert.ThrowsAsync<InboxException>(() => waiting)).Message, StringComparison.Ordinal);

        Task<int> second = inbox.AddAsync([Message("b")], cancellationToken: Cancellation).AsTask();
        other.Commit();
        try
        {
            await second;
        }
        catch (InboxException)
        {
            // On a busy machine, the lock may be released too late for this call. The next call gets the file.
            await inbox.AddAsync([Message("b")], cancellationToken: Cancellation);
        }

        Assert.Equal(new InboxCounts(2, 0, 0, 0), await inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Calls_ByManyAtOnce_ShareTransactions()
    {
        await using SqliteEventInbox inbox = new(FilePath);
        await inbox.CountAsync(Cancellation);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => inbox.AddAsync([Message($"{i}")], cancellationToken: Cancellation).AsTask()));

        // Each transaction adds its changed pages to the write-ahead log. A transaction for each call would exceed this size several times.
        Assert.InRange(new FileInfo(FilePath + "-wal").Length, 1, 1_500_000);
        Assert.Equal(500, (await inbox.CountAsync(Cancellation)).Waiting);
    }

    [Fact]
    public async Task Dispose_WithCallsUnderWay_DoesThemFirstAndThenRefuses()
    {
        SqliteEventInbox inbox = Create();
        Task<int>[] calls = [.. Enumerable.Range(0, 100).Select(i => inbox.AddAsync([Message($"{i}")], cancellationToken: Cancellation).AsTask())];
        await inbox.DisposeAsync();
        await inbox.DisposeAsync();

        Assert.Equal(100, (await Task.WhenAll(calls)).Sum());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await inbox.CountAsync(Cancellation));
        Assert.False(File.Exists(FilePath + "-wal"));
    }

    [Fact]
    public void Arguments_OutOfTheirRange_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new SqliteEventInbox(""));
        Assert.Throws<ArgumentException>(() => new SqliteEventInbox(":memory:"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SqliteEventInbox(FilePath, busyTimeout: TimeSpan.FromHours(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SqliteEventInbox(FilePath, busyTimeout: TimeSpan.FromTicks(-1)));
    }

    private static InboxMessage Message(string id) => new(id, Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}"""));

    private SqliteEventInbox Create() => new(FilePath, waitsForDisk: false);

    private async Task AssertFailsAsync(string message)
    {
        await using SqliteEventInbox inbox = Create();
        InboxException failure = await Assert.ThrowsAsync<InboxException>(async () =>
        {
            await inbox.AddAsync([Message("a")], cancellationToken: Cancellation);
            await inbox.TakeAsync(100, TimeSpan.FromHours(1), Cancellation);
        });
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains(FilePath, failure.Message, StringComparison.Ordinal);
    }
}
