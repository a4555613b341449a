using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Tests.Time;
using AssetCompute.Emulator;
using AssetExport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for destinations that are busy, reject files, or fail, and for a custom destination.</summary>
public sealed class DestinationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BusyDestination_IsLeftAloneForAsLongAsItAsks_AndNoAttemptIsCounted()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        ScriptedDestination target = new([.. Enumerable.Repeat(new DestinationBusyException("Too many.", TimeSpan.FromMinutes(5)), 5)]);
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target, clock);
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "scripted");
        await scenario.TellAsync("/content/dam/a.txt");

        // The asset is also in the waiting state before its first attempt.
        await ExportScenario.WaitAsync(() => Task.FromResult(target.Calls == 1), "the destination was not asked");
        ExportEntry waiting = await scenario.WaitForAsync("a.txt", ExportState.Waiting, "scripted");
        DateTimeOffset before = clock.GetUtcNow();

        Assert.Equal("Too many.", waiting.Reason);
        Assert.Equal(before + TimeSpan.FromMinutes(5), waiting.DueAt, TimeSpan.FromSeconds(1));
        Assert.Equal(0, waiting.Attempts);
        clock.Advance(TimeSpan.FromMinutes(4));
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(20), async () =>
        {
            // A claim must not expire because the clock advances too fast for a slow machine.
            await scenario.WaitForCountAsync(ExportState.Exporting, 0);
            return await scenario.CountAsync(ExportState.Exported) == 1;
        });

        Assert.True(clock.GetUtcNow() - before >= TimeSpan.FromMinutes(25));
        Assert.Equal(6, target.Calls);
        Assert.Equal(1, (await scenario.WaitForAsync("a.txt", ExportState.Exported, "scripted")).Attempts);
    }

    [Fact]
    public async Task DestinationThatRefuses_FailsAtOnce()
    {
        ScriptedDestination target = new(new DestinationRefusedException("No pictures of cats."));
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target);
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "scripted");

        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry failed = await scenario.WaitForAsync("a.txt", ExportState.Failed, "scripted");

        Assert.Equal("No pictures of cats.", failed.Reason);
        Assert.Equal(1, target.Calls);
    }

    [Fact]
    public async Task DestinationThatFails_IsTriedAsOftenAsIsAllowed_AndAgainWhenSomebodySaysSo()
    {
        ScriptedDestination target = new(new IOException("one"), new IOException("two"), new InvalidOperationException("three"));
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target);
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "scripted");
        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry failed = await scenario.WaitForAsync("a.txt", ExportState.Failed, "scripted");
        Assert.Equal("InvalidOperationException: three", failed.Reason);
        Assert.Equal(3, failed.Attempts);

        using HttpResponseMessage answer = await scenario.Http.PostAsync(new Uri(scenario.Url, $"exports/{failed.Id}/retry"), null, Token);

        Assert.Equal(303, (int)answer.StatusCode);
        await scenario.WaitForAsync("a.txt", ExportState.Exported, "scripted");
        Assert.Equal(ExportScenario.ContentOf("a.txt"), target.Items["content/dam/a.txt"]);
    }

    [Fact]
    public async Task ManyAssets_AreExportedInParallel_AsFarAsTheDestinationAllows()
    {
        TaskCompletionSource gate = new();
        ScriptedDestination target = new() { Gate = gate.Task };
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target);
        scenario["Destinations:scripted:MaxParallelism"] = "2";
        await scenario.StartAsync(ExportMode.Realtime);
        for (int i = 0; i < 8; i++)
        {
            await scenario.AddAsync($"{i}.txt", "scripted");
            await scenario.TellAsync($"/content/dam/{i}.txt");
        }

        await ExportScenario.WaitAsync(() => Task.FromResult(target.Calls == 2), "two did not begin");
        await scenario.WaitForCountAsync(ExportState.Waiting, 6);
        gate.SetResult();
        await scenario.WaitForCountAsync(ExportState.Exported, 8);

        Assert.Equal(2, target.MostAtOnce);
    }

    [Fact]
    public async Task ApplicationThatStops_GivesBackWhatItWasExporting()
    {
        ScriptedDestination target = new() { Gate = new TaskCompletionSource().Task };
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target);
        scenario["Export:DrainTimeout"] = "00:00:00";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "scripted");
        await scenario.TellAsync("/content/dam/a.txt");
        await ExportScenario.WaitAsync(() => Task.FromResult(target.Calls == 1), "it did not begin");

        await scenario.StopAsync();
        target.Gate = null;
        await scenario.StartAsync(ExportMode.Realtime);

        // The export is claimed well before the claim expires after one minute.
        Assert.Equal(1, (await scenario.WaitForAsync("a.txt", ExportState.Exported, "scripted")).Attempts);
    }

    [Fact]
    public async Task DestinationOfOnesOwn_NeedsAClassAndALine()
    {
        RawDav server = new();
        await using WebApplication dav = await server.StartAsync();
        await using ExportScenario scenario = await ExportScenario.CreateAsync(services: static services =>
        {
            services.AddExportDestination("WebDav", (settings, _) => new WebDavDestination(new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, settings.RequiredUrl("Url")));
        });
        scenario["Destinations:dav:Type"] = "WebDav";
        scenario["Destinations:dav:Url"] = dav.Urls.First();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a b.txt", "dav");

        await scenario.TellAsync("/content/dam/a b.txt");
        ExportEntry entry = await scenario.WaitForAsync("a b.txt", ExportState.Exported, "dav");

        Assert.Equal(ExportScenario.ContentOf("a b.txt"), server.Files["/content/dam/a b.txt"]);
        Assert.Equal(2000, entry.Bytes);
        Assert.EndsWith("/content/dam/a%20b.txt", entry.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void DocumentedDestination_WithItsRegistration_TakesLessThanThirtyLines()
    {
        string[] file = File.ReadAllLines(Path.Combine(SampleProgram.Root, "tests", "AssetCompute.Client.IntegrationTests", "Export", "DocumentedDestination.cs"));
        string[] shown = [.. file.SkipWhile(static line => !line.StartsWith("public sealed class", StringComparison.Ordinal))];

        Assert.Equal("}", shown[^1]);
        Assert.InRange(shown.Length + 1, 10, 29);
    }

    [Fact]
    public async Task Renditions_GoToTheDestinationBesideTheOriginal()
    {
        ScriptedDestination target = new();
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target);
        scenario["RenditionStorage:Type"] = "Emulator";
        scenario["Destinations:scripted:Renditions:0:Name"] = "web.png";
        scenario["Destinations:scripted:Renditions:0:Width"] = "100";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.png", "scripted");

        await scenario.TellAsync("/content/dam/a.png");
        ExportEntry entry = await scenario.WaitForAsync("a.png", ExportState.Exported, "scripted");

        Assert.Equal(["content/dam/a.png", "content/dam/a.png.renditions/web.png"], target.Items.Keys.Order());
        Assert.Equal(target.Items.Values.Sum(bytes => bytes.Length), entry.Bytes);
        Assert.Empty(scenario.Emulator.Storage.Names);
    }

    /// <summary>A server that stores the files it receives by PUT.</summary>
    private sealed class RawDav
    {
        public Dictionary<string, byte[]> Files { get; } = [];

        public async Task<WebApplication> StartAsync()
        {
            WebApplication app = LoopbackServer.Create();
            app.MapPut("{**path}", async context =>
            {
                using MemoryStream body = new();
                await context.Request.Body.CopyToAsync(body);
                Files[context.Request.Path.Value!] = body.ToArray();
                context.Response.StatusCode = StatusCodes.Status201Created;
            });
            await app.StartAsync(Token);
            return app;
        }
    }
}
