using System.Diagnostics;
using System.Globalization;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using AssetCompute.Client.PostgreSql.Worker;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>Of three instances one reads the journal; when it is killed, another goes on where it was.</summary>
public sealed class InboxLeaseTests(SharedServer server, ITestOutputHelper output) : IAsyncDisposable
{
    private static readonly TimeSpan s_mostToTakeOver = TimeSpan.FromSeconds(10);
    private readonly string _schema = server.NewSchema();
    private readonly DirectoryInfo _logs = Directory.CreateTempSubdirectory("inbox-lease-");
    private readonly List<WorkerProcess> _readers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reader_HolderOfTheLeaseKilled_AnotherGoesOnWithinTenSeconds()
    {
        for (int i = 0; i < 3; i++)
        {
            _readers.Add(WorkerProcess.Start("read", server.ConnectionString, _schema, Path.Combine(_logs.FullName, $"{i}.log"), $"reader-{i}"));
        }

        WorkerProcess holder = await WaitForReaderAsync(_readers, stored: 3);
        WorkerProcess[] others = [.. _readers.Where(reader => reader != holder)];
        Assert.All(others, reader => Assert.Empty(reader.Logged()));

        await holder.DisposeAsync();
        Stopwatch clock = Stopwatch.StartNew();
        WorkerProcess next = await WaitForReaderAsync(others, stored: 1);
        TimeSpan taken = clock.Elapsed;
        output.WriteLine($"Taken over after {taken.TotalSeconds:F1} s");
        Assert.InRange(taken, TimeSpan.Zero, s_mostToTakeOver);

        await WaitForReaderAsync([next], stored: 3);
        await StopAsync();
        await using PostgreSqlEventInbox inbox = new(server.ConnectionString, _schema);
        JournalPosition? position = await inbox.LoadCheckpointAsync("journal", Cancellation);
        Assert.Equal(long.Parse(position!.Value.Value!, CultureInfo.InvariantCulture) + 1, (await inbox.CountAsync(Cancellation)).Waiting);
        string[] pages = [.. WorkerProcess.Read(Directory.EnumerateFiles(_logs.FullName))[SettlementLog.Stored]];
        Assert.Equal(pages.Length, pages.Distinct().Count());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _logs.Delete(recursive: true);
    }

    private static async Task<WorkerProcess> WaitForReaderAsync(IReadOnlyList<WorkerProcess> readers, int stored)
    {
        while (true)
        {
            Assert.DoesNotContain(readers, reader => reader.HasExited);
            if (readers.FirstOrDefault(reader => reader.Logged()[SettlementLog.Stored].Count() >= stored) is { } found)
            {
                return found;
            }

            await Task.Delay(20, Cancellation);
        }
    }

    private async Task StopAsync()
    {
        foreach (WorkerProcess reader in _readers)
        {
            await reader.DisposeAsync();
        }

        _readers.Clear();
    }
}
