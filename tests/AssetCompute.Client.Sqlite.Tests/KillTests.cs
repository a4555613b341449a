using System.Diagnostics;
using System.Globalization;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Workers;

namespace AssetCompute.Client.Sqlite.Tests;

/// <summary>
/// A process that stores and completes events is killed repeatedly. <c>INBOX_KILLS</c> sets the number of kills. The default is 12, and the long run uses 30.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inbox-kill-");

    private string FilePath => Path.Combine(_folder.FullName, "inbox.db");

    private string LogPath => Path.Combine(_folder.FullName, "acknowledged.log");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Process_KilledAtRandomMoments_LeavesTheFileReadableAndLosesNothing()
    {
        int kills = int.Parse(Environment.GetEnvironmentVariable("INBOX_KILLS") ?? "12", CultureInfo.InvariantCulture);
        int seed = Environment.TickCount;
        Random random = new(seed);
        output.WriteLine($"Seed {seed}");
        for (int i = 0; i < kills; i++)
        {
            using Process worker = Start();
            if (i % 3 != 0)
            {
                // Kill the process while it works. Every third time, kill it at any moment, including during startup and recovery.
                await WaitForProgressAsync(worker);
            }

            await Task.Delay(random.Next(i % 3 == 0 ? 400 : 60), Cancellation);
            Assert.False(worker.HasExited, "The worker ended by itself.");
            worker.Kill(entireProcessTree: true);
            await worker.WaitForExitAsync(Cancellation);
        }

        await AssertNothingIsLostAsync(kills);
    }

    [Fact]
    public async Task Handler_KilledByOneEvent_LeavesThatOneAloneInTheDeadLetters()
    {
        await using SqliteEventInbox inbox = new(FilePath);
        await inbox.AddAsync([.. Enumerable.Range(0, 8).Select(i => new InboxMessage(i == 2 ? "poison" : $"event-{i}", "{}"u8.ToArray()))], cancellationToken: Cancellation);

        InboxCounts counts = await inbox.CountAsync(Cancellation);
        for (int starts = 0; counts.Waiting + counts.Taken > 0; starts++)
        {
            Assert.True(starts < 20, $"{starts} starts have not settled all: {counts}.");
            using Process worker = Process.Start(new ProcessStartInfo("dotnet") { ArgumentList = { typeof(LineLog).Assembly.Location, "handle", FilePath } })!;
            while (!worker.HasExited && counts.Waiting + counts.Taken > 0)
            {
                await Task.Delay(50, Cancellation);
                counts = await inbox.CountAsync(Cancellation);
            }

            worker.Kill();
            await worker.WaitForExitAsync(Cancellation);
            counts = await inbox.CountAsync(Cancellation);
        }

        InboxDeadLetter letter = Assert.Single(await inbox.ReadDeadLettersAsync(10, Cancellation));
        Assert.Equal("poison", letter.Id);
        Assert.Contains("process", letter.Reason, StringComparison.Ordinal);
        Assert.Equal(new InboxCounts(0, 0, 7, 1), counts);
        Assert.True(await inbox.RequeueAsync("poison", Cancellation));

        // The requeued event restarts at its first attempt. A handler that survives the event completes it.
        InboxDelivery again = Assert.Single(await inbox.TakeAsync(10, TimeSpan.FromHours(1), Cancellation));
        Assert.Equal(("poison", 1, false), (again.Id, again.Attempt, again.WasAbandoned));
        Assert.True(await inbox.SettleAsync(again, InboxOutcome.Completed, Cancellation));
        Assert.Equal(new InboxCounts(0, 0, 8, 0), await inbox.CountAsync(Cancellation));
    }

    private async Task AssertNothingIsLostAsync(int kills)
    {
        string[][] acknowledged = [.. Acknowledged().Select(line => line.Split(' '))];
        (int First, int Last)[] stored = [.. acknowledged.Where(line => line[0] == "stored").Select(line => (Number(line[1]), Number(line[2])))];
        string[] completed = [.. acknowledged.Where(line => line[0] == "completed").Select(line => line[1])];
        Assert.NotEmpty(stored);
        Assert.NotEmpty(completed);
        Assert.Equal(completed.Length, completed.Distinct().Count());

        int position;
        using (SqliteInboxDatabase database = SqliteInboxDatabase.Open(FilePath, waitsForDisk: true, TimeSpan.FromSeconds(10)))
        {
            using (Microsoft.Data.Sqlite.SqliteDataReader check = database.Query("PRAGMA integrity_check"))
            {
                Assert.True(check.Read());
                Assert.Equal("ok", check.GetString(0));
            }

            Assert.Equal(0, database.Scalar("SELECT count(*) FROM events WHERE state = 0 AND seq NOT IN (SELECT seq FROM bodies)"));
            Assert.Equal(0, database.Scalar("SELECT count(*) FROM bodies WHERE seq NOT IN (SELECT seq FROM events WHERE state = 0)"));
            using Microsoft.Data.Sqlite.SqliteDataReader rows = database.Query("SELECT position FROM checkpoints WHERE name = 'journal'");
            Assert.True(rows.Read());
            position = Number(JournalPosition.Parse(rows.GetString(0)).Value!);
        }

        await using SqliteEventInbox inbox = new(FilePath);
        InboxCounts counts = await inbox.CountAsync(Cancellation);
        output.WriteLine($"{kills} kills, {position} events stored, {counts.Completed} completed, {completed.Length} of them acknowledged");

        // Events and position are stored together. Neither is ahead of the other, and no acknowledged change is missing.
        Assert.Equal(position, counts.Waiting + counts.Taken + counts.Completed + counts.DeadLetters);
        Assert.InRange(stored.Max(range => range.Last), 1, position);
        Assert.True(completed.Length <= counts.Completed);
        Assert.Equal(0, await inbox.AddAsync([.. Enumerable.Range(1, position).Select(i => new InboxMessage($"event-{i}", default))], cancellationToken: Cancellation));

        HashSet<string> left = [];
        while (left.Count < counts.Waiting + counts.Taken)
        {
            left.UnionWith((await inbox.TakeAsync(1000, TimeSpan.FromHours(1), Cancellation)).Select(delivery => delivery.Id));
            await Task.Delay(10, Cancellation);
        }

        Assert.DoesNotContain(completed, left.Contains);
    }

    private Process Start() => Process.Start(new ProcessStartInfo("dotnet") { ArgumentList = { typeof(LineLog).Assembly.Location, FilePath, LogPath } })!;

    private async Task WaitForProgressAsync(Process worker)
    {
        long before = LogLength();
        while (LogLength() == before)
        {
            Assert.False(worker.HasExited, "The worker ended by itself.");
            await Task.Delay(2, Cancellation);
        }
    }

    private long LogLength() => File.Exists(LogPath) ? new FileInfo(LogPath).Length : 0;

    /// <summary>Returns the whole lines. A kill can cut off a line, and the next line then continues it.</summary>
    private IEnumerable<string> Acknowledged() => File.ReadAllText(LogPath).Split('\n')[..^1].Where(line => line.Split(' ') is ["stored", _, _] or ["completed", _]);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
