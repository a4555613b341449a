using AssetCompute.Client.Inbox;
using Microsoft.Data.Sqlite;

namespace AssetCompute.Client.Sqlite.Tests;

/// <summary>Files that are no inbox.</summary>
public sealed partial class SqliteFileTests
{
    [Fact]
    public async Task Open_FileOfANewerVersion_IsRefused()
    {
        await using (SqliteEventInbox inbox = Create())
        {
            await inbox.CountAsync(Cancellation);
        }

        using (SqliteInboxDatabase database = SqliteInboxDatabase.Open(FilePath, SqliteSynchronousMode.Normal, TimeSpan.FromSeconds(1)))
        {
            database.Run("PRAGMA user_version = 99");
        }

        await AssertFailsAsync("newer version of this package");
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

        await AssertFailsAsync("no SQLite database");
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
        await using SqliteEventInbox inbox = new(new SqliteInboxOptions { Path = Path.Combine(FilePath, "inbox.db") });

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
