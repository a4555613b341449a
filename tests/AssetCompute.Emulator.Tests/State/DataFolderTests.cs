using System.Text;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed class DataFolderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restart_keeps_token_registration_events_positions_blobs_and_urls()
    {
        using var folder = new TempFolder();
        string token, position;
        Uri journal, url;
        await using (var first = await StartAsync(folder))
        {
            using var client = await ServiceClient.RegisteredAsync(first);
            token = client.Token;
            journal = client.Journal!;
            first.Publish(1);
            first.Publish(2);
            using var page = await client.GetJournalAsync("?limit=1");
            position = (await ServiceClient.JsonAsync(page))["_page"]!["last"]!.GetValue<string>();
            await first.Storage.PutAsync("a/c/b", "kept"u8.ToArray(), "text/plain", Cancellation);
            url = first.Storage.CreateReadUrl("a/c/b");
        }

        await using var second = await StartAsync(folder);
        using var again = new ServiceClient(second) { Token = token };
        await again.RegisterAsync();
        using var rest = await again.GetJournalAsync($"?since={position}");
        second.Publish(3);
        using var all = await again.GetJournalAsync();

        Assert.Equal(journal.AbsolutePath, again.Journal!.AbsolutePath);
        Assert.Equal([2], Numbers(await ServiceClient.JsonAsync(rest)));
        Assert.Equal([1, 2, 3], Numbers(await ServiceClient.JsonAsync(all)));
        Assert.Equal("kept", await again.Http.GetStringAsync(new Uri(second.Endpoint, url.PathAndQuery), Cancellation));
        Assert.Equal("text/plain", (await second.Storage.GetAsync("a/c/b", Cancellation))!.ContentType);
    }

    [Fact]
    public async Task Unfinished_job_is_taken_up_again()
    {
        using var folder = new TempFolder();
        string requestId;
        await using (var first = await StartAsync(folder))
        {
            using var client = await ServiceClient.RegisteredAsync(first);
            first.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromHours(1)), calls: 100);
            requestId = await client.ProcessAsync(RenditionTests.DataUri("sunset.jpg"), Rendition(first));
            await first.Calls.WaitAsync(call => call.Operation == EmulatorOperation.BlobWrite, Cancellation);
        }

        // The target of the first run is on a port that is gone: an honest failure, and not silence.
        await using var second = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.DataFolder = folder["data"];
                options.TimeProvider = new HurryingClock();
            },
            Cancellation);
        using var again = await ServiceClient.RegisteredAsync(second);
        var events = await again.EventsAsync(1);

        Assert.Equal(requestId, events[0]["requestId"]!.GetValue<string>());
        Assert.Equal("rendition_failed", events[0]["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Torn_last_line_is_no_obstacle_and_an_unregistered_journal_stays_gone()
    {
        using var folder = new TempFolder();
        await using (var first = await StartAsync(folder))
        {
            using var client = await ServiceClient.RegisteredAsync(first);
            first.Publish(1);
            using var unregister = await client.PostAsync("/unregister");
            await client.RegisterAsync();
            first.Publish(2);
        }

        await File.AppendAllTextAsync(Path.Combine(folder["data"], "state.jsonl"), "{\"kind\":\"publ", Cancellation);
        await using var second = await StartAsync(folder);
        using var again = await ServiceClient.RegisteredAsync(second);
        second.Publish(3);
        using var all = await again.GetJournalAsync();

        Assert.Equal([2, 3], Numbers(await ServiceClient.JsonAsync(all)));
    }

    [Fact]
    public async Task Folder_belongs_to_one_emulator_at_a_time()
    {
        using var folder = new TempFolder();
        await using var first = await StartAsync(folder);

        await Assert.ThrowsAsync<IOException>(() => StartAsync(folder));
    }

    [Fact]
    public async Task Replaced_and_removed_blobs_leave_nothing_behind()
    {
        using var folder = new TempFolder();
        await using var emulator = await StartAsync(folder);
        for (var i = 0; i < 5; i++)
        {
            await emulator.Storage.PutAsync("x", Encoding.UTF8.GetBytes($"{i}"), cancellationToken: Cancellation);
        }

        Assert.Equal("4"u8.ToArray(), (await emulator.Storage.GetAsync("x", Cancellation))!.Content.ToArray());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder["data"], "blobs")).Length);
        Assert.True(emulator.Storage.Remove("x"));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder["data"], "blobs")));
        Assert.Null(await emulator.Storage.GetAsync("x", Cancellation));
    }

    private static Task<AssetComputeEmulator> StartAsync(TempFolder folder) =>
        AssetComputeEmulator.StartAsync(options => options.DataFolder = folder["data"], Cancellation);

    private static JsonObject Rendition(AssetComputeEmulator emulator) => RenditionTests.Rendition(emulator, "x", "png", width: 10);

    private static List<int> Numbers(JsonObject page) => [.. page["events"]!.AsArray().Select(entry => entry!["event"]!.GetValue<int>())];

    /// <summary>A clock on which every wait is over at once, so that retries of a minute take none.</summary>
    private sealed class HurryingClock : TimeProvider
    {
        private long _ticks = DateTimeOffset.UtcNow.UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                Interlocked.Add(ref _ticks, dueTime.Ticks);
                dueTime = TimeSpan.Zero;
            }

            return System.CreateTimer(callback, state, dueTime, period);
        }
    }
}
