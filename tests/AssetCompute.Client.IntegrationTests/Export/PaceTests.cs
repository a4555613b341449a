using AssetCompute.Client.Tests.Time;
using AssetExport;
using Microsoft.Extensions.Configuration;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for the export times of a destination, including daylight saving time: in Berlin, March 29 to October 25 in 2026.</summary>
public sealed class PaceTests
{
    [Theory]
    [InlineData("0 * * * *", "UTC", "2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("0 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z")]
    [InlineData("0 * * * *", "Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z")]
    [InlineData("*/10 * * * * *", "UTC", "2026-03-01T10:00:00Z", "2026-03-01T10:00:10Z")]
    public void NextRun_ByScheduleAndZone_IsOnceADayAlsoWhenTheClocksChange(string schedule, string zone, string after, string expected) =>
        Assert.Equal(Time(expected), Create(schedule, zone, null).NextRun(Time(after)));

    [Theory]
    [InlineData("22:00-06:00", "2026-03-01T20:59:59Z", 1)]
    [InlineData("22:00-06:00", "2026-03-01T21:00:00Z", 0)]
    [InlineData("22:00-06:00", "2026-03-01T23:30:00Z", 0)]
    [InlineData("22:00-06:00", "2026-03-02T04:59:59Z", 0)]
    [InlineData("22:00-06:00", "2026-03-02T05:00:00Z", 16 * 3600)]
    [InlineData("09:00-17:00", "2026-03-02T07:00:00Z", 3600)]
    [InlineData("09:00-17:00", "2026-03-02T08:00:00Z", 0)]
    [InlineData("09:00-17:00", "2026-03-02T16:00:00Z", 16 * 3600)]

    // This window is seven hours long on March 29 and nine hours long on October 25.
    [InlineData("22:00-06:00", "2026-03-29T03:59:59Z", 0)]
    [InlineData("22:00-06:00", "2026-03-29T04:00:00Z", 16 * 3600)]
    [InlineData("22:00-06:00", "2026-10-25T04:59:59Z", 0)]
    [InlineData("22:00-06:00", "2026-10-25T05:00:00Z", 16 * 3600)]

    // An ambiguous end time is the first occurrence. An invalid start time moves to the end of the skipped hour.
    [InlineData("22:00-02:30", "2026-10-25T00:29:59Z", 0)]
    [InlineData("22:00-02:30", "2026-10-25T01:10:00Z", 19 * 3600 + 3000)]
    [InlineData("02:30-06:00", "2026-03-29T00:59:59Z", 1)]
    [InlineData("02:30-06:00", "2026-03-29T01:00:00Z", 0)]
    public void ClosedFor_AWindowInBerlin_IsTheTimeUntilItOpens(string window, string now, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Create("0 * * * *", "Europe/Berlin", window).ClosedFor(Time(now)));

    [Fact]
    public async Task Destination_WithAWindow_WaitsForIt_AndOthersDoNot()
    {
        // Starts at 11:00 AM, outside the window.
        FakeTimeProvider clock = new(new DateTimeOffset(DateTime.UtcNow.Date.AddHours(11), TimeSpan.Zero));
        await using ExportScenario scenario = await ExportScenario.CreateAsync(clock);
        scenario["Destinations:night:Type"] = "Folder";
        scenario["Destinations:night:Path"] = scenario.Exported + "-night";
        scenario["Destinations:night:Window"] = "22:00-06:00";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "folder,night");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported);
        await scenario.WaitForAsync("a.txt", ExportState.Waiting, "night");

        await scenario.AdvanceUntilAsync(TimeSpan.FromMinutes(10), async () =>
        {
            await scenario.WaitForCountAsync(ExportState.Exporting, 0);
            return await scenario.CountAsync(ExportState.Exported) == 2;
        }, expectedAfter: TimeSpan.FromHours(11));

        Assert.InRange(clock.GetUtcNow().TimeOfDay, TimeSpan.FromHours(22), TimeSpan.FromHours(23));
    }

    [Fact]
    public async Task Destinations_WithSchedulesOfTheirOwn_RunAtThese()
    {
        DateTime hour = DateTime.UtcNow.Date.AddHours(DateTime.UtcNow.Hour);
        FakeTimeProvider clock = new(new DateTimeOffset(hour, TimeSpan.Zero));
        await using ExportScenario scenario = await ExportScenario.CreateAsync(clock);
        scenario["Destinations:often:Type"] = "Folder";
        scenario["Destinations:often:Path"] = scenario.Exported + "-often";
        scenario["Destinations:often:Schedule"] = "*/5 * * * *";
        scenario["Destinations:often:MaxPerRun"] = "2";
        await scenario.StartAsync(ExportMode.Realtime);
        for (int i = 0; i < 4; i++)
        {
            await scenario.AddAsync($"{i}.txt", "folder,often", immediately: "no");
            await scenario.TellAsync($"/content/dam/{i}.txt");
        }

        await scenario.WaitForCountAsync(ExportState.Scheduled, 8);
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(30), async () => await scenario.CountAsync(ExportState.Scheduled) < 8, expectedAfter: TimeSpan.FromMinutes(5));
        await scenario.WaitForCountAsync(ExportState.Exported, 2);
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(30), async () => await scenario.CountAsync(ExportState.Scheduled) < 6, expectedAfter: TimeSpan.FromMinutes(5));

        Assert.InRange(clock.GetUtcNow().UtcDateTime - hour, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20));
        await scenario.WaitForCountAsync(ExportState.Exported, 4);
        Assert.Equal(4, (await scenario.Ledger.RecentAsync(ExportState.Scheduled, 10, TestContext.Current.CancellationToken)).Count(static entry => entry.Destination == "folder"));
    }

    private static Pace Create(string schedule, string zone, string? window)
    {
        Dictionary<string, string?> settings = new() { ["x:Schedule"] = schedule, ["x:TimeZone"] = zone, ["x:Window"] = window };
        return Pace.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("x"), new BatchOptions());
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
