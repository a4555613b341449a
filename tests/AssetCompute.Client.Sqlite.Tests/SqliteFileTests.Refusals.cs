using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests.Inbox;
using Microsoft.Data.Sqlite;

namespace AssetCompute.Client.Sqlite.Tests;

/// <summary>Files that are not an inbox.</summary>
public sealed partial class SqliteFileTests
{
    [Fact]
    public async Task Open_FileOfANewerVersion_IsRefused()
    {
        await using (SqliteEventInbox inbox = Create())
        {
            await inbox.CountAsync(Cancellation);
        }

        using (SqliteInboxDatabase database = SqliteInboxDatabase.Open(FilePath, waitsForDisk: false, TimeSpan.FromSeconds(1)))
        {
            database.Run("PRAGMA user_version = 99");
        }

        await AssertFailsAsync("newer version of this package");
    }

    /// <summary>These are the statements of the first version. They do not change when a later version changes the tables.</summary>
    [Fact]
    public async Task Open_FileOfTheFirstVersion_IsCarriedOver()
    {
        using (SqliteConnection connection = new($"Data Source={FilePath};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, state INTEGER NOT NULL, moment INTEGER NOT NULL, received_at INTEGER NOT NULL,
                    attempts INTEGER NOT NULL DEFAULT 0, deliveries INTEGER NOT NULL DEFAULT 0, taken INTEGER NOT NULL DEFAULT 0, reason TEXT) STRICT;
                CREATE INDEX events_by_state ON events (state, moment, seq);
                CREATE TABLE bodies (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
                CREATE TABLE checkpoints (name TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;
                CREATE TABLE leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, fence INTEGER NOT NULL, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                INSERT INTO events (seq, id, state, moment, received_at, attempts, reason) VALUES (1, 'open', 0, 1, 1, 1, NULL), (2, 'done', 1, 1, 1, 1, NULL), (3, 'dead', 2, 1, 1, 5, 'why');
                INSERT INTO bodies VALUES (1, x'7b7d'), (3, x'7b7d');
                INSERT INTO checkpoints VALUES ('journal', 'after:p:7');
                INSERT INTO leases VALUES ('journal:journal', 'old', 41, 1);
                PRAGMA user_version = 1;
                PRAGMA application_id = 1094928706;
                """;
            command.ExecuteNonQuery();
        }

        await using SqliteEventInbox inbox = Create();

        await FirstLayout.AssertIsReadAsync(inbox, Cancellation);
    }

    [Fact]
    public async Task Open_DatabaseOfSomethingElse_IsRefusedAndLeftAlone()
    {
        using (SqliteConnection connection = new($"Data Source={FilePath};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE events (mine TEXT)";
            command.ExecuteNonQuery();
        }

        await AssertFailsAsync("not an inbox");

        using SqliteConnection after = new($"Data Source={FilePath};Pooling=False");
        after.Open();
        using SqliteCommand count = after.CreateCommand();
        count.CommandText = "SELECT count(*) FROM sqlite_schema";
        Assert.Equal(1L, count.ExecuteScalar());
    }

    [Fact]
    public async Task Open_NoDatabase_IsRefused()
    {
        await File.WriteAllTextAsync(FilePath, new string('x', 10_000), Cancellation);

        await AssertFailsAsync("is not a SQLite database");
    }

    [Fact]
    public async Task Open_PathThatIsAFolder_IsRefused()
    {
        Directory.CreateDirectory(FilePath);

        await AssertFailsAsync("cannot be opened");
    }

    [Fact]
    public async Task Open_FolderThatIsAFile_IsRefused()
    {
        await File.WriteAllTextAsync(FilePath, "", Cancellation);
        await using SqliteEventInbox inbox = new(Path.Combine(FilePath, "inbox.db"));

        await Assert.ThrowsAsync<InboxException>(async () => await inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Open_FileThatIsDamaged_IsRefused()
    {
        await using (SqliteEventInbox inbox = Create())
        {
            await inbox.AddAsync([.. Enumerable.Range(0, 500).Select(i => Message($"{i}"))], cancellationToken: Cancellation);
        }

        byte[] bytes = await File.ReadAllBytesAsync(FilePath, Cancellation);
        Array.Fill(bytes, (byte)0xAA, 4096, bytes.Length - 4096);
        await File.WriteAllBytesAsync(FilePath, bytes, Cancellation);

        await AssertFailsAsync("is damaged");
    }
}
