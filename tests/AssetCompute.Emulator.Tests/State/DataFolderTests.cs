using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

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

    [Theory]
    [InlineData("""{"kind":"ofTomorrow","key":"a","value":1}""")]
    [InlineData("""{"kind":"registered","client":"of-an-earlier-version"}""")]
    [InlineData("""{"kind":"journal","key":"a","value":{"ClientId":"a","OrganizationId":"b","JournalId":7,"RegisteredAt":"then"}}""")]
    [InlineData("""{"kind":"journal","key":"a","value":{}}""")]
    [InlineData("""{"kind":"job","key":"not a guid","value":{"ClientId":"a","RequestId":"b","AcceptedAt":"2026-01-01T00:00:00Z","Request":{"renditions":[]}}}""")]
    [InlineData("""{"kind":"asset","key":"/content/dam/a","value":{}}""")]
    [InlineData("[]")]
    public async Task Folder_of_another_version_is_refused_with_what_to_do_and_left_as_it_is(string record)
    {
        using var folder = new TempFolder();
        await using (await StartAsync(folder))
        {
        }

        var path = Path.Combine(folder["data"], "state.jsonl");
        await File.AppendAllTextAsync(path, record + "\n", Cancellation);
        var before = await File.ReadAllBytesAsync(path, Cancellation);

        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(folder));

        Assert.Contains("another version", failure.Message, StringComparison.Ordinal);
        Assert.Contains("empty folder", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(path, Cancellation));
    }

    [Fact]
    public async Task Job_of_the_page_that_another_version_kept_is_refused_with_what_to_do()
    {
        using var folder = new TempFolder();
        var kept = Directory.CreateDirectory(Path.Combine(folder["data"], "kept")).FullName;
        await File.WriteAllTextAsync(Path.Combine(kept, "x.json"), """{"name":"6f9619ff8b86d011b42d00c04fc964ff/job","contentType":"application/json","file":"x.blob"}""", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(kept, "x.blob"), """{"id":"of an earlier version"}""", Cancellation);

        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(folder));

        Assert.Contains("another version", failure.Message, StringComparison.Ordinal);
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

        // The port in the target of the first run no longer exists. The signature identifies the storage, which both runs share.
        await using var second = await StartAsync(folder);
        using var again = await ServiceClient.RegisteredAsync(second);
        var events = await again.EventsAsync(1);

        Assert.Equal(requestId, events[0]["requestId"]!.GetValue<string>());
        Assert.Equal("rendition_created", events[0]["type"]!.GetValue<string>());
        Assert.True(second.Storage.Exists("x"));
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

    [Theory]
    [InlineData("state.jsonl", "{}")]
    [InlineData("state.jsonl", """{"kind":"registered","clientId":"emulator-client","organizationId":"emulator@AdobeOrg","journalId":"6f9619ff-8b86-d011-b42d-00c04fc964ff","registeredAt":"2026-11-22T10:00:00.0000000+00:00"}""")]
    [InlineData("keys", "of another length")]
    [InlineData("blobs/x.json", "{}")]
    [InlineData("blobs/x.json", """{"name":7,"contentType":"text/plain","file":"x"}""")]
    [InlineData("aem/x.json", "nonsense")]
    public async Task Folder_that_cannot_be_read_is_refused_with_what_to_do_and_not_kept_locked(string file, string content)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder["data"], file))!);
        await File.WriteAllTextAsync(Path.Combine(folder["data"], file), content, Cancellation);
        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(folder));
        Assert.Contains("another version", failure.Message, StringComparison.Ordinal);
        Assert.Contains("empty folder", failure.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(Path.Combine(folder["data"], file), Cancellation));

        File.Delete(Path.Combine(folder["data"], file));
        await using var emulator = await StartAsync(folder);

        Assert.Empty(emulator.Storage.Names);
    }

    [Fact]
    public async Task Restart_leaves_out_events_that_expired_and_their_positions_answer_410()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider();
        string early, last;
        await using (var first = await StartAsync(folder, clock))
        {
            using var client = await ServiceClient.RegisteredAsync(first);
            for (var i = 1; i <= 50; i++)
            {
                first.Publish(i);
            }

            using var page = await client.GetJournalAsync();
            var positions = (await ServiceClient.JsonAsync(page))["events"]!.AsArray().Select(entry => entry!["position"]!.GetValue<string>()).ToArray();
            (early, last) = (positions[10], positions[^1]);
        }

        clock.Advance(TimeSpan.FromDays(8));
        await using (var second = await StartAsync(folder, clock))
        {
            using var again = await ServiceClient.RegisteredAsync(second);
            second.Publish(51);
            second.Publish(52);
            using var gone = await again.GetJournalAsync($"?since={early}");
            using var there = await again.GetJournalAsync($"?since={last}");
            using var oldest = await again.GetJournalAsync();

            Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
            Assert.Equal([51, 52], Numbers(await ServiceClient.JsonAsync(there)));
            Assert.Equal([51, 52], Numbers(await ServiceClient.JsonAsync(oldest)));
        }

        // The registration, the last of the old events, and the two new events.
        Assert.Equal(4, (await File.ReadAllLinesAsync(Path.Combine(folder["data"], "state.jsonl"), Cancellation)).Length);
    }

    [Theory]
    [InlineData(3, 1_000_000, new[] { 8, 9, 10 })]
    [InlineData(1000, 20, new[] { 7, 8, 9, 10 })]
    public async Task Restart_leaves_out_events_beyond_what_a_journal_holds(int capacity, long capacityBytes, int[] kept)
    {
        using var folder = new TempFolder();
        await using (var first = await StartAsync(folder))
        {
            using var client = await ServiceClient.RegisteredAsync(first);
            for (var i = 1; i <= 10; i++)
            {
                first.Publish($"{i:000}");
            }
        }

        await using var second = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.DataFolder = folder["data"];
                options.Journal.Capacity = capacity;
                options.Journal.CapacityBytes = capacityBytes;
            },
            Cancellation);
        using var again = await ServiceClient.RegisteredAsync(second);
        using var all = await again.GetJournalAsync();

        Assert.Equal(kept, (await ServiceClient.JsonAsync(all))["events"]!.AsArray().Select(entry => int.Parse(entry!["event"]!.GetValue<string>(), CultureInfo.InvariantCulture)));
        Assert.Equal(kept.Length + 1, (await File.ReadAllLinesAsync(Path.Combine(folder["data"], "state.jsonl"), Cancellation)).Length);
    }

    [Fact]
    public async Task Revocation_strikes_tokens_of_earlier_runs_and_outlives_the_emulator()
    {
        using var folder = new TempFolder();

        // The clock doesn't advance, so the time alone can't distinguish tokens from before and after the revocation.
        var clock = new FakeTimeProvider();
        string oldest, revoked, issuedAfter;
        await using (var first = await StartAsync(folder, clock))
        {
            using var client = await ServiceClient.RegisteredAsync(first);
            oldest = client.Token;
        }

        await using (var second = await StartAsync(folder, clock))
        {
            using var client = new ServiceClient(second) { Token = oldest };
            await client.RegisterAsync();
            await client.SignInAsync();
            revoked = client.Token;
            second.RevokeTokens();
            await client.SignInAsync();
            issuedAfter = client.Token;
            Assert.Equal("401 401 200", await StatusesAsync(client));
        }

        await using (var third = await StartAsync(folder, clock))
        {
            using var client = new ServiceClient(third);
            Assert.Equal("401 401 200", await StatusesAsync(client));
        }

        // The fourth start reads the log after its compaction.
        await using var fourth = await StartAsync(folder, clock);
        using var last = new ServiceClient(fourth);
        Assert.Equal("401 401 200", await StatusesAsync(last));
        await last.SignInAsync();
        await last.RegisterAsync();

        async Task<string> StatusesAsync(ServiceClient client)
        {
            var statuses = new List<int>();
            foreach (var token in new[] { oldest, revoked, issuedAfter })
            {
                client.Token = token;
                using var response = await client.PostAsync("/register");
                statuses.Add((int)response.StatusCode);
            }

            return string.Join(' ', statuses);
        }
    }

    private static Task<AssetComputeEmulator> StartAsync(TempFolder folder, TimeProvider? clock = null) => AssetComputeEmulator.StartAsync(
        options =>
        {
            options.DataFolder = folder["data"];
            options.TimeProvider = clock ?? TimeProvider.System;
        },
        Cancellation);

    private static JsonObject Rendition(AssetComputeEmulator emulator) => RenditionTests.Rendition(emulator, "x", "png", width: 10);

    private static List<int> Numbers(JsonObject page) => [.. page["events"]!.AsArray().Select(entry => entry!["event"]!.GetValue<int>())];
}
