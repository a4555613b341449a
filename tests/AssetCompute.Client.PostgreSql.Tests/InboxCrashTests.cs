using System.Diagnostics;
using System.Globalization;
using System.Text;
using AssetCompute.Client.Databases;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Worker;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>
/// Workers in two processes drain an inbox. Both processes and the server are killed at random, and processes pause until other workers own their events.
/// </summary>
/// <remarks>Environment variables set the size of the test: <c>INBOX_EVENTS</c>, <c>INBOX_WORKER_KILLS</c>, <c>INBOX_PAUSES</c>, <c>INBOX_SERVER_KILLS</c>,
/// <c>INBOX_HANDLER_MILLISECONDS</c> (the maximum time that a handler takes).</remarks>
public sealed class InboxCrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Processes = 2;
    private const int WorkersOfEach = 4;
    private const int MostWaiting = 500;
    private const string Schema = "crash";
    private static readonly int s_events = Setting("INBOX_EVENTS", 3_000);
    private static readonly int s_workerKills = Setting("INBOX_WORKER_KILLS", 4);
    private static readonly int s_handlerMilliseconds = Setting("INBOX_HANDLER_MILLISECONDS", 5);
    private static readonly int s_pauses = Setting("INBOX_PAUSES", 2);
    private static readonly int s_serverKills = Setting("INBOX_SERVER_KILLS", 1);

    /// <summary>Longer than the visibility timeout of the workers.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    private readonly DirectoryInfo _logs = Directory.CreateTempSubdirectory("inbox-crash-");
    private readonly WorkerProcess?[] _workers = new WorkerProcess?[Processes];
    private PostgreSqlServer? _server;
    private int _started;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PostgreSqlServer Server => _server ?? throw new InvalidOperationException("The test has not begun.");

    public async ValueTask InitializeAsync() => _server = await PostgreSqlServer.StartAsync();

    [Fact]
    public async Task Workers_KilledWithTheServerAtRandom_CompleteEveryEventOnce()
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

        // Each disruption waits for its share of the completed events, so that all of them occur while there is work.
        Func<Task>[] blows =
        [
            .. Enumerable.Repeat(() => KillWorkerAsync(inbox, random.Next(Processes)), s_workerKills),
            .. Enumerable.Repeat(() => PauseWorkerAsync(inbox, random.Next(Processes)), s_pauses),
            .. Enumerable.Repeat(KillServerAsync, s_serverKills),
        ];
        random.Shuffle(blows);
        for (int i = 0; i < blows.Length; i++)
        {
            long due = (i * s_events + random.Next(s_events)) / (blows.Length + 1);
            await WaitUntilAsync(inbox, counts => AllRun() && counts.Completed >= due);
            await blows[i]();
        }

        await adding;
        await WaitUntilAsync(inbox, counts => AllRun() && counts.Completed == s_events);
        clock.Stop();

        Assert.Equal(new InboxCounts(0, 0, s_events, 0), await inbox.CountAsync(Cancellation));
        await StopWorkersAsync();
        ILookup<string, string> logged = WorkerProcess.Read(Directory.EnumerateFiles(_logs.FullName));
        Assert.DoesNotContain(logged[InstanceLog.Completed].CountBy(id => id), completed => completed.Value > 1);
        Assert.Equal(s_events, logged[InstanceLog.Handled].Distinct().Count());

        // A disruption can leave two completions of each worker unlogged: one in progress, and one that is not yet on the disk.
        Assert.InRange(logged[InstanceLog.Completed].Count(), s_events - blows.Length * Processes * WorkersOfEach * 2, s_events);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{s_events} events, {s_workerKills} kills and {s_pauses} pauses of a process, {s_serverKills} kills of the server: {clock.Elapsed.TotalSeconds:F1} s, {s_events / clock.Elapsed.TotalSeconds:F0} events/s; handled {logged[InstanceLog.Handled].Count()} times, settling refused {logged[InstanceLog.Refused].Count()} times"));
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
    /// Stores all events as a journal reader does: in pages with the checkpoint, and each page again until it is known to be stored. It stays only slightly
    /// ahead of the workers, so that events that are released for another worker are soon taken again.
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

    private async Task PauseWorkerAsync(PostgreSqlEventInbox inbox, int index)
    {
        await WaitUntilAtWorkAsync(inbox, index);
        await _workers[index]!.PauseAsync(s_pause);
    }

    /// <summary>Waits until a process is working, because killing a process that is still starting tests nothing.</summary>
    private Task WaitUntilAtWorkAsync(PostgreSqlEventInbox inbox, int index) =>
        WaitUntilAsync(inbox, counts => _workers[index]!.Logged().Count > 0 || counts.Completed == s_events);

    private async Task KillWorkerAsync(PostgreSqlEventInbox inbox, int index)
    {
        await WaitUntilAtWorkAsync(inbox, index);
        await _workers[index]!.DisposeAsync();
        _workers[index] = StartWorker();
    }

    private async Task KillServerAsync()
    {
        await Server.KillAsync();
        await Server.StartAsync();
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
        "work",
        Server.ConnectionString,
        Schema,
        Path.Combine(_logs.FullName, $"{_started++}.log"),
        WorkersOfEach.ToString(CultureInfo.InvariantCulture),
        s_handlerMilliseconds.ToString(CultureInfo.InvariantCulture));

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
