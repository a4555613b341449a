using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed class JournalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Empty_journal_answers_204_with_retry_after_and_its_links()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.FromSeconds(10), Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var response = await client.GetJournalAsync();

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("10", response.Headers.GetValues("retry-after").Single());
        var path = client.Journal!.AbsolutePath;
        var links = LinksOf(response);
        Assert.Equal(["next", "events", "count", "latest", "page", "seek", "validate"], links.Keys);
        Assert.StartsWith($"{path}?since=", links["next"], StringComparison.Ordinal);
        Assert.StartsWith($"{path}/validate?since=", links["validate"], StringComparison.Ordinal);
        using var validated = await client.SendAsync(HttpMethod.Get, links["validate"]);
        Assert.Equal(HttpStatusCode.NoContent, validated.StatusCode);
    }

    [Fact]
    public async Task Page_has_the_links_of_Adobes_journal_and_each_of_them_answers()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        Publish(emulator, 5);

        using var page = await client.GetJournalAsync("?limit=2");
        var links = LinksOf(page);
        var path = client.Journal!.AbsolutePath;
        var position = links["next"].Split("since=")[1].Split('&')[0];
        async Task<string> BodyAsync(string link)
        {
            using var response = await client.SendAsync(HttpMethod.Get, link);
            return response.StatusCode == HttpStatusCode.NoContent ? "" : await response.Content.ReadAsStringAsync(Cancellation);
        }

        Assert.Equal(["next", "events", "count", "latest", "page", "seek"], links.Keys);
        Assert.Equal($"{path}?since={{position}}&limit={{count}}", links["page"]);
        Assert.Equal($"{path}?seek={{duration}}&limit={{count}}", links["seek"]);
        Assert.Equal("""{"count":3}""", await BodyAsync(links["count"]));
        Assert.Equal("""{"count":5}""", await BodyAsync($"{path}/count"));
        Assert.Contains("\"count\":5", await BodyAsync(links["events"]), StringComparison.Ordinal);
        Assert.Equal("", await BodyAsync(links["latest"]));
        Assert.Contains("\"count\":1", await BodyAsync(links["page"].Replace("{position}", position, StringComparison.Ordinal).Replace("{count}", "1", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("\"count\":5", await BodyAsync(links["seek"].Replace("{duration}", "-PT1H", StringComparison.Ordinal).Replace("{count}", "9", StringComparison.Ordinal)), StringComparison.Ordinal);
        using var wrong = await client.SendAsync(HttpMethod.Get, $"{path}/count?since=nonsense");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    private static Dictionary<string, string> LinksOf(HttpResponseMessage response) => response.Headers.GetValues("Link")
        .ToDictionary(link => link.Split("rel=\"")[1].TrimEnd('"'), link => link.Split('>')[0][1..], StringComparer.Ordinal);

    [Fact]
    public async Task Page_has_positions_a_count_and_a_link_that_goes_on_after_its_last()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        Publish(emulator, 5);

        using var first = await client.GetJournalAsync("?limit=3");
        var page = await ServiceClient.JsonAsync(first);
        using var second = await client.SendAsync(HttpMethod.Get, ServiceClient.NextOf(first));
        using var end = await client.SendAsync(HttpMethod.Get, ServiceClient.NextOf(second));

        Assert.Equal([1, 2, 3], Numbers(page));
        Assert.Equal(3, page["_page"]!["count"]!.GetValue<int>());
        Assert.Equal(page["events"]![2]!["position"]!.GetValue<string>(), page["_page"]!["last"]!.GetValue<string>());
        Assert.All(page["events"]!.AsArray(), entry => Assert.Matches("^[a-z]+:[0-9a-f-]{36}:[0-9a-f-]{36}$", entry!["position"]!.GetValue<string>()));
        Assert.EndsWith("&limit=3", ServiceClient.NextOf(first), StringComparison.Ordinal);
        Assert.Equal([4, 5], Numbers(await ServiceClient.JsonAsync(second)));
        Assert.Equal(HttpStatusCode.NoContent, end.StatusCode);
        Assert.Equal(ServiceClient.NextOf(second), ServiceClient.NextOf(end));
    }

    [Fact]
    public async Task Since_is_exclusive_and_latest_begins_at_the_end()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        Publish(emulator, 3);
        using var all = await client.GetJournalAsync();
        var second = (await ServiceClient.JsonAsync(all))["events"]![1]!["position"]!.GetValue<string>();

        using var since = await client.GetJournalAsync($"?since={second}");
        using var latest = await client.GetJournalAsync("?latest=true");
        Publish(emulator, 1, first: 9);
        using var afterLatest = await client.SendAsync(HttpMethod.Get, ServiceClient.NextOf(latest));

        Assert.Equal([3], Numbers(await ServiceClient.JsonAsync(since)));
        Assert.Equal(HttpStatusCode.NoContent, latest.StatusCode);
        Assert.Equal([9], Numbers(await ServiceClient.JsonAsync(afterLatest)));
    }

    [Fact]
    public async Task Event_with_a_delay_appears_after_it_and_latest_begins_before_it()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.TimeProvider = clock;
                options.Journal.EventDelay = TimeSpan.FromSeconds(2);
            },
            Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        Publish(emulator, 1);

        using var latest = await client.GetJournalAsync("?latest=true");
        using var early = await client.GetJournalAsync();
        clock.Advance(TimeSpan.FromSeconds(2));
        using var there = await client.SendAsync(HttpMethod.Get, ServiceClient.NextOf(latest));

        Assert.Equal(HttpStatusCode.NoContent, early.StatusCode);
        Assert.Equal([1], Numbers(await ServiceClient.JsonAsync(there)));
    }

    [Fact]
    public async Task Seek_goes_back_in_time()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        Publish(emulator, 1);
        clock.Advance(TimeSpan.FromHours(1));
        Publish(emulator, 1, first: 2);
        clock.Advance(TimeSpan.FromMinutes(30));

        using var oneHour = await client.GetJournalAsync("?seek=-PT1H");
        using var twoHours = await client.GetJournalAsync("?seek=-PT2H");
        using var aMinute = await client.GetJournalAsync("?seek=-PT1M");

        Assert.Equal([2], Numbers(await ServiceClient.JsonAsync(oneHour)));
        Assert.Equal([1, 2], Numbers(await ServiceClient.JsonAsync(twoHours)));
        Assert.Equal(HttpStatusCode.NoContent, aMinute.StatusCode);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=-1")]
    [InlineData("?limit=many")]
    [InlineData("?seek=PT1H")]
    [InlineData("?seek=yesterday")]
    [InlineData("?seek=-P3000Y")]
    [InlineData("?seek=-P99999999Y")]
    [InlineData("?since=nowhere")]
    [InlineData("?since=a:00000000-0000-0000-0000-000000000000:00000000-0000-0000-0000-000000000000&seek=-PT1H")]
    public async Task Malformed_query_answers_400(string query)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var response = await client.GetJournalAsync(query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Page_stays_under_its_bytes_and_one_larger_event_travels_alone()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Publish(new JsonObject { ["number"] = 1, ["big"] = new string('x', 900_000) });
        emulator.Publish(new JsonObject { ["number"] = 2, ["big"] = new string('x', 900_000) });
        emulator.Publish(new JsonObject { ["number"] = 3, ["big"] = new string('x', 2_000_000) });
        emulator.Publish(new JsonObject { ["number"] = 4 });

        var pages = new List<int[]>();
        var path = client.Journal!.AbsolutePath;
        for (var i = 0; i < 4; i++)
        {
            using var response = await client.SendAsync(HttpMethod.Get, path);
            pages.Add([.. Numbers(await ServiceClient.JsonAsync(response))]);
            path = ServiceClient.NextOf(response);
        }

        Assert.Equal<int[]>([[1], [2], [3], [4]], pages);
    }

    [Fact]
    public async Task Position_older_than_the_retention_answers_410_and_the_oldest_goes_on()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.TimeProvider = clock;
                options.TokenLifetime = TimeSpan.FromDays(30);
            },
            Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        Publish(emulator, 2);
        using var all = await client.GetJournalAsync("?limit=1");
        var position = (await ServiceClient.JsonAsync(all))["_page"]!["last"]!.GetValue<string>();
        clock.Advance(TimeSpan.FromDays(6));
        Publish(emulator, 1, first: 3);
        clock.Advance(TimeSpan.FromDays(2));

        using var gone = await client.GetJournalAsync($"?since={position}");
        using var validated = await client.SendAsync(HttpMethod.Get, $"{client.Journal!.AbsolutePath}/validate?since={position}");
        using var oldest = await client.GetJournalAsync();

        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Equal($"Events at position {position} have expired.", await gone.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("text/plain", gone.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.Gone, validated.StatusCode);
        Assert.Equal([3], Numbers(await ServiceClient.JsonAsync(oldest)));
    }

    [Fact]
    public async Task Journal_beyond_its_capacity_lets_the_oldest_go()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.Capacity = 2000, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        Publish(emulator, 10_000);

        using var response = await client.GetJournalAsync("?limit=1");
        using var end = await client.GetJournalAsync("?limit=5000");

        Assert.Equal([8001], Numbers(await ServiceClient.JsonAsync(response)));
        Assert.Equal(2000, Numbers(await ServiceClient.JsonAsync(end)).Count);
    }

    [Fact]
    public async Task Journal_keeps_so_many_bytes_and_always_the_newest_event()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.CapacityBytes = 1000, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        async Task<List<int>> NumbersAsync()
        {
            using var response = await client.GetJournalAsync();
            return Numbers(await ServiceClient.JsonAsync(response));
        }

        void PublishLong(int number, int length) => emulator.Publish(new JsonObject { ["number"] = number, ["text"] = new string('x', length) });

        PublishLong(1, 400);
        PublishLong(2, 400);
        var two = await NumbersAsync();
        using var page = await client.GetJournalAsync("?limit=1");
        var position = (await ServiceClient.JsonAsync(page))["_page"]!["last"]!.GetValue<string>();
        PublishLong(3, 400);
        var three = await NumbersAsync();
        PublishLong(4, 5000);
        var four = await NumbersAsync();
        PublishLong(5, 400);
        var five = await NumbersAsync();
        using var gone = await client.GetJournalAsync($"?since={position}");

        Assert.Equal([1, 2], two);
        Assert.Equal([2, 3], three);
        Assert.Equal([4], four);
        Assert.Equal([5], five);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
    }

    [Fact]
    public async Task Journal_of_another_client_is_refused()
    {
        var other = new EmulatorClient { ClientId = "other", ClientSecrets = ["s"], OrganizationId = "other@AdobeOrg" };
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Clients.Add(EmulatorClient.WellKnown);
                options.Clients.Add(other);
            },
            Cancellation);
        using var owner = await ServiceClient.RegisteredAsync(emulator);
        using var stranger = await ServiceClient.RegisteredAsync(emulator, other);

        using var response = await stranger.SendAsync(HttpMethod.Get, owner.Journal!.AbsolutePath);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Throws<InvalidOperationException>(() => emulator.Publish(new JsonObject()));
        emulator.Publish(new JsonObject { ["number"] = 1 }, "other");
        Assert.Single(await stranger.EventsAsync(1));
    }

    internal static void Publish(AssetComputeEmulator emulator, int count, int first = 1)
    {
        for (var i = first; i < first + count; i++)
        {
            emulator.Publish(new JsonObject { ["number"] = i });
        }
    }

    internal static List<int> Numbers(JsonObject page) =>
        [.. page["events"]!.AsArray().Select(entry => Convert.ToInt32(entry!["event"]!["number"]!.GetValue<int>(), CultureInfo.InvariantCulture))];
}
