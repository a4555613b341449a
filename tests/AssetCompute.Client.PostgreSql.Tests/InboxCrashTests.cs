using System.Diagnostics;
using System.Globalization;
using System.Text;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using AssetCompute.Client.PostgreSql.Worker;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>Workers in two processes drain an inbox; they and the server are killed at random, and some workers stall until their events are others'.</summary>
/// <remarks>The environment may say how much: <c>INBOX_EVENTS</c>, <c>INBOX_WORKER_KILLS</c>, <c>INBOX_SERVER_KILLS</c>.</remarks>
public sealed class InboxCrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Processes = 2;
    private const int WorkersOfEach = 4;
    private const int MostWaiting = 500;
    private const string Schema = "crash";
    private static readonly int s_events = Setting("INBOX_EVENTS", 5_000);
    private static readonly int s_workerKills = Setting("INBOX_WORKER_KILLS", 4);
    private static readonly int s_serverKills = Setting("INBOX_SERVER_KILLS", 1);
    private readonly DirectoryInfo _logs = Directory.CreateTempSubdirectory("inbox-crash-");
    private readonly WorkerProcess?[] _workers = new WorkerProcess?[Processes];
    private PostgreSqlServer? _server;
    private int _started;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PostgreSqlServer Server => _server ?? throw new InvalidOperationException("The test has not begun.");

    public async ValueTask InitializeAsync() => _server = await PostgreSqlServer.StartAsync();

    [Fact]
    public async Task Workers_TheyAndTheServerKilledAtRandom_CompleteEveryEventOnce()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        output.WriteLine($"Seed {seed}");
        await using PostgreSqlEventInbox inbox = new(Server.ConnectionString, Schema);
        await inbox.EnsureSchemaAsync(Cancellation);
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < Processes; i++)
        {
            _workers[i] = StartWorker();
        }

        Task adding = AddAsync(inbox);

        // Each kill comes when its share of the work is done, so that all of them come while there is work.
        bool[] kills = [.. Enumerable.Repeat(true, s_serverKills), .. Enumerable.Repeat(false, s_workerKills)];
        random.Shuffle(kills);
        for (int i = 0; i < kills.Length; i++)
        {
            long due = (i * s_events + random.Next(s_events)) / (kills.Length + 1);
            await WaitUntilAsync(inbox, counts => AllRun() && counts.Completed >= due);
            if (kills[i])
            {
                await Server.KillAsync();
                await Server.StartAsync();
            }
            else
            {
                int victim = random.Next(Processes);
                await _workers[victim]!.DisposeAsync();
                _workers[victim] = StartWorker();
            }
        }

        await adding;
        await WaitUntilAsync(inbox, counts => AllRun() && counts.Completed == s_events);
        clock.Stop();

        Assert.Equal(new InboxCounts(0, 0, s_events, 0), await inbox.CountAsync(Cancellation));
        await StopWorkersAsync();
        ILookup<string, string> logged = WorkerProcess.Read(Directory.EnumerateFiles(_logs.FullName));
        Assert.DoesNotContain(logged[SettlementLog.Completed].CountBy(id => id), completed => completed.Value > 1);
        Assert.Equal(s_events, logged[SettlementLog.Taken].Distinct().Count());
        Assert.InRange(logged[SettlementLog.Completed].Count(), s_events - kills.Length * Processes * WorkersOfEach, s_events);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{s_events} events, {s_workerKills} kills of a process, {s_serverKills} of the server: {clock.Elapsed.TotalSeconds:F1} s, {s_events / clock.Elapsed.TotalSeconds:F0} events/s; taken {logged[SettlementLog.Taken].Count()} times, settling refused {logged[SettlementLog.Refused].Count()} times"));
    }

    public async ValueTask DisposeAsync()
    {
        await StopWorkersAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _logs.Delete(recursive: true);
    }

    /// <summary>
    /// Stores all events as a journal's reader would: page by page with the checkpoint, each page again until it is known to be stored. It stays a little
    /// ahead of the workers only, so that what comes back for another worker is soon taken again.
    /// </summary>
    private static async Task AddAsync(PostgreSqlEventInbox inbox)
    {
        foreach (int[] page in Enumerable.Range(0, s_events).Chunk(250))
        {
            InboxMessage[] messages = [.. page.Select(i => new InboxMessage($"event-{i}", Encoding.UTF8.GetBytes($$"""{"id":"event-{{i}}","filler":"{{new string('x', 1000)}}"}""")))];
            InboxCheckpoint checkpoint = new("journal", JournalPosition.After($"{page[^1]}"));
            await WaitUntilAsync(inbox, counts => counts.Waiting < MostWaiting);
            while (!await TryAsync(async () => await inbox.AddAsync(messages, checkpoint, Cancellation)))
            {
                await Task.Delay(20, Cancellation);
            }
        }
    }

    private static async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (InboxException)
        {
            return false;
        }
    }

    private bool AllRun()
    {
        Assert.DoesNotContain(_workers, worker => worker!.HasExited);
        return true;
    }

    private static async Task WaitUntilAsync(PostgreSqlEventInbox inbox, Func<InboxCounts, bool> condition)
    {
        bool holds = false;
        while (!await TryAsync(async () => holds = condition(await inbox.CountAsync(Cancellation))) || !holds)
        {
            await Task.Delay(20, Cancellation);
        }
    }

    private WorkerProcess StartWorker() => WorkerProcess.Start(
        "drain",
        Server.ConnectionString,
        Schema,
        Path.Combine(_logs.FullName, $"{_started++}.log"),
        WorkersOfEach.ToString(CultureInfo.InvariantCulture),
        (s_workerKills > 0 ? s_events / 10 : 0).ToString(CultureInfo.InvariantCulture));

    private async Task StopWorkersAsync()
    {
        foreach (WorkerProcess? worker in _workers)
        {
            await (worker?.DisposeAsync() ?? default);
        }

        Array.Clear(_workers);
    }

    private static int Setting(string name, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : standard;
}
