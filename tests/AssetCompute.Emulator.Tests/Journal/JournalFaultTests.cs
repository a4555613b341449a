using System.Net;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed class JournalFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Late_journal_answers_404_until_it_is_there_and_keeps_or_loses_events()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        emulator.Faults.Journal.ReadyAfter = TimeSpan.FromSeconds(45);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        JournalTests.Publish(emulator, 1);
        emulator.Faults.Journal.LoseEventsUntilReady = true;
        JournalTests.Publish(emulator, 1, first: 2);

        using var early = await client.GetJournalAsync();
        clock.Advance(TimeSpan.FromSeconds(45));
        using var ready = await client.GetJournalAsync();

        Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        Assert.Equal([1], JournalTests.Numbers(await ServiceClient.JsonAsync(ready)));
    }

    [Fact]
    public async Task Positions_expired_by_a_fault_answer_410()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        JournalTests.Publish(emulator, 4);
        using var all = await client.GetJournalAsync();
        var positions = (await ServiceClient.JsonAsync(all))["events"]!.AsArray().Select(entry => entry!["position"]!.GetValue<string>()).ToArray();

        emulator.Faults.Journal.ExpireBefore = positions[2];
        using var gone = await client.GetJournalAsync($"?since={positions[0]}");
        using var there = await client.GetJournalAsync($"?since={positions[2]}");
        using var oldest = await client.GetJournalAsync();

        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Equal([4], JournalTests.Numbers(await ServiceClient.JsonAsync(there)));
        Assert.Equal([3, 4], JournalTests.Numbers(await ServiceClient.JsonAsync(oldest)));
    }

    [Fact]
    public async Task Duplicates_and_reordering_lose_nothing_and_a_position_never_changes_its_event()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Journal.Seed(42);
        emulator.Faults.Journal.DuplicateShare = 0.3;
        emulator.Faults.Journal.ReorderShare = 0.3;
        JournalTests.Publish(emulator, 50);
        using var early = await client.GetJournalAsync("?limit=20");
        JournalTests.Publish(emulator, 50, first: 51);

        var seen = await client.EventsAsync(101);
        using var again = await client.GetJournalAsync("?limit=20");

        var numbers = seen.Select(@event => @event["number"]!.GetValue<int>()).ToArray();
        Assert.Equal(Enumerable.Range(1, 100), numbers.Distinct().Order());
        Assert.True(numbers.Length > 100);
        Assert.NotEqual(numbers.Order(), numbers);
        Assert.Equal(await early.Content.ReadAsStringAsync(Cancellation), await again.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Same_seed_chooses_the_same_duplicates_whoever_reads_in_between()
    {
        async Task<int[]> TwiceAsync(int seed, bool read)
        {
            await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
            using var client = await ServiceClient.RegisteredAsync(emulator);
            emulator.Faults.Journal.DuplicateShare = 0.3;
            emulator.Faults.Journal.ReorderShare = 0.3;
            emulator.Faults.Journal.RepeatPageShare = 0.3;
            emulator.Faults.Journal.Seed(seed);
            for (var i = 1; i <= 60; i++)
            {
                JournalTests.Publish(emulator, 1, first: i);
                if (read && i % 2 == 0)
                {
                    using var page = await client.GetJournalAsync();
                }
            }

            using var all = await client.GetJournalAsync("?limit=1000");
            return [.. JournalTests.Numbers(await ServiceClient.JsonAsync(all)).CountBy(number => number).Where(pair => pair.Value == 2).Select(pair => pair.Key).Order()];
        }

        var unread = await TwiceAsync(5, read: false);

        Assert.NotEmpty(unread);
        Assert.Equal(unread, await TwiceAsync(5, read: true));
        Assert.NotEqual(unread, await TwiceAsync(6, read: false));
    }

    [Fact]
    public async Task Reordered_event_is_not_lost_to_a_reader_that_began_at_the_end()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Journal.ReorderShare = 1;
        JournalTests.Publish(emulator, 1);

        using var end = await client.GetJournalAsync("?latest=true");
        JournalTests.Publish(emulator, 2, first: 2);
        using var later = await client.SendAsync(HttpMethod.Get, ServiceClient.NextOf(end));
        using var all = await client.GetJournalAsync();

        Assert.Equal(HttpStatusCode.NoContent, end.StatusCode);
        Assert.Equal([3, 2], JournalTests.Numbers(await ServiceClient.JsonAsync(later)));
        Assert.Equal([1, 3, 2], JournalTests.Numbers(await ServiceClient.JsonAsync(all)));
    }

    [Fact]
    public async Task Late_journal_that_answers_204_has_a_link_from_which_nothing_is_missed()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        emulator.Faults.Journal.ReadyAfter = TimeSpan.FromSeconds(45);
        emulator.Faults.Journal.StatusUntilReady = 204;
        using var client = await ServiceClient.RegisteredAsync(emulator);
        JournalTests.Publish(emulator, 1);

        using var early = await client.GetJournalAsync();
        clock.Advance(TimeSpan.FromSeconds(45));
        using var ready = await client.SendAsync(HttpMethod.Get, ServiceClient.NextOf(early));

        Assert.Equal(HttpStatusCode.NoContent, early.StatusCode);
        Assert.Equal([1], JournalTests.Numbers(await ServiceClient.JsonAsync(ready)));
    }

    [Fact]
    public async Task Repeated_page_comes_again_from_its_own_next_link()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        JournalTests.Publish(emulator, 2);
        emulator.Faults.Journal.RepeatPageShare = 1;

        using var first = await client.GetJournalAsync();
        using var again = await client.SendAsync(HttpMethod.Get, ServiceClient.NextOf(first));

        Assert.Equal([1, 2], JournalTests.Numbers(await ServiceClient.JsonAsync(first)));
        Assert.Equal([1, 2], JournalTests.Numbers(await ServiceClient.JsonAsync(again)));
    }

    [Fact]
    public async Task Page_of_bounded_size_is_cut_short()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Journal.MaxPageEvents = 2;
        JournalTests.Publish(emulator, 5);

        using var response = await client.GetJournalAsync("?limit=100");

        Assert.Equal([1, 2], JournalTests.Numbers(await ServiceClient.JsonAsync(response)));
    }
}
