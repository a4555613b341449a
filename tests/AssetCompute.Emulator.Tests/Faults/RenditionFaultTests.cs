using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed class RenditionFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EmulatorRenderingMode.None)]
    [InlineData(EmulatorRenderingMode.ImageMagick)]
    public async Task Rendition_of_a_name_fails_and_no_other(EmulatorRenderingMode mode)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = mode, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Rendition("web.xyz", "SourceCorrupt", "Broken on purpose.");

        var named = RenditionTests.Rendition(emulator, "a", "text");
        named["name"] = "web.xyz";
        await client.ProcessAsync("data:text/plain,x", named, RenditionTests.Rendition(emulator, "folder/web.xyz", "text"), RenditionTests.Rendition(emulator, "other.txt", "text"));
        var events = await client.EventsAsync(3);

        var failed = events.Where(@event => @event["type"]!.GetValue<string>() == "rendition_failed").ToArray();
        Assert.Equal(2, failed.Length);
        Assert.All(failed, @event => Assert.Equal("SourceCorrupt", @event["errorReason"]!.GetValue<string>()));
        Assert.All(failed, @event => Assert.Equal("Broken on purpose.", @event["errorMessage"]!.GetValue<string>()));
        Assert.True(emulator.Storage.Exists("other.txt"));
        Assert.False(emulator.Storage.Exists("a"));
        Assert.False(emulator.Storage.Exists("folder/web.xyz"));
    }

    [Theory]
    [InlineData("photo.jpg", true)]
    [InlineData("a/photo.jpg", true)]
    [InlineData("*.jpg", true)]
    [InlineData("phot?.jpg", true)]
    [InlineData("hoto.jpg", false)]
    [InlineData("photo.png", false)]
    public async Task Every_rendition_of_an_asset_fails_and_nothing_is_fetched(string pattern, bool isMeant)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Asset(pattern, "SourceUnsupported");

        await client.ProcessAsync(
            emulator.Storage.CreateReadUrl("a/photo.jpg").AbsoluteUri,
            RenditionTests.Rendition(emulator, "1.png", "png"),
            RenditionTests.Rendition(emulator, "2.png", "png"));
        var events = await client.EventsAsync(2);

        Assert.All(events, @event => Assert.Equal(isMeant ? "SourceUnsupported" : null, @event["errorReason"]?.GetValue<string>()));
        Assert.Empty(emulator.Calls.Of(EmulatorOperation.BlobRead));
    }

    [Fact]
    public async Task Asset_is_meant_by_the_name_of_its_source_too()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Asset("photo.jpg", "GenericError");

        var failed = await client.EventOfAsync(new JsonObject { ["url"] = "data:,x", ["name"] = "photo.jpg" }, RenditionTests.Rendition(emulator, "1.png", "png"));

        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Rendition_fails_as_often_as_was_said_and_from_the_nth_on()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Add(new() { Name = "a.png", Reason = "SourceCorrupt", Times = 1 });
        emulator.Faults.Add(new() { Name = "b.png", Reason = "RenditionTooLarge", Times = 1, Nth = 2 });

        var reasons = new List<string?>();
        foreach (var name in new[] { "a.png", "a.png", "b.png", "b.png", "b.png" })
        {
            var seen = await client.EventOfAsync("data:,x", RenditionTests.Rendition(emulator, name, "png"));
            reasons.Add(seen["errorReason"]?.GetValue<string>());
        }

        Assert.Equal(["SourceCorrupt", null, null, "RenditionTooLarge", null], reasons);
    }

    [Fact]
    public async Task Rendition_fails_only_within_its_span_of_time_and_counts_only_there()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Add(new() { Name = "a.png", Reason = "SourceCorrupt", From = TimeSpan.FromSeconds(2), Until = TimeSpan.FromSeconds(4) });
        emulator.Faults.Add(new() { Asset = "b.jpg", Reason = "GenericError", Times = 1, Nth = 2, From = TimeSpan.FromSeconds(1) });

        var reasons = new List<string?>();
        for (var second = 0; second < 5; second++)
        {
            foreach (var (source, target) in new[] { ("data:,x", "a.png"), (emulator.Storage.CreateReadUrl("b.jpg").AbsoluteUri, "b.png") })
            {
                var seen = await client.EventOfAsync(source, RenditionTests.Rendition(emulator, target, "png"));
                reasons.Add(seen["errorReason"]?.GetValue<string>());
            }

            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([null, null, null, null, "SourceCorrupt", "GenericError", "SourceCorrupt", null, null, null], reasons);
        Assert.Throws<ArgumentOutOfRangeException>(() => emulator.Faults.Add(new() { Name = "a", Reason = "b", From = TimeSpan.FromSeconds(-1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => emulator.Faults.Add(new() { Asset = "a", Reason = "b", From = TimeSpan.FromSeconds(1), Until = TimeSpan.FromSeconds(1) }));
    }

    [Fact]
    public async Task Renditions_fail_by_share_and_calls_by_number_within_a_span_too()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Add(new() { Name = "*.png", Reason = "SourceCorrupt", Share = 1, From = TimeSpan.FromSeconds(1) });
        emulator.Faults.Add(EmulatorOperation.Register, EmulatorFault.Answer(503) with { Nth = 2, From = TimeSpan.FromSeconds(1) });

        var (reasons, statuses) = (new List<string?>(), new List<int>());
        for (var second = 0; second < 2; second++)
        {
            for (var i = 0; i < 2; i++)
            {
                reasons.Add((await client.EventOfAsync("data:,x", RenditionTests.Rendition(emulator, "a.png", "png")))["errorReason"]?.GetValue<string>());
                using var response = await client.PostAsync("/register");
                statuses.Add((int)response.StatusCode);
            }

            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([null, null, "SourceCorrupt", "SourceCorrupt"], reasons);
        Assert.Equal([200, 200, 200, 503], statuses);
    }

    [Fact]
    public async Task Custom_worker_gets_only_the_renditions_that_do_not_fail()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await using var worker = await CustomWorkerTests.StartWorkerAsync(context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        emulator.Faults.Rendition("one", "SourceCorrupt");
        JsonObject Rendition(string name) => new() { ["name"] = name, ["worker"] = $"{worker.Urls.First()}/", ["target"] = "http://127.0.0.1/x" };

        await client.ProcessAsync("data:,x", Rendition("one"), Rendition("two"));
        var events = await client.EventsAsync(2);

        Assert.Equal(["GenericError", "SourceCorrupt"], events.Select(@event => @event["errorReason"]!.GetValue<string>()).Order());
    }

    [Fact]
    public async Task Script_fails_renditions_and_the_nth_call_of_a_path()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var added = await client.Http.PostAsync("/emulator/faults", Json("""
            {
              "renditions": [
                { "name": "a.png", "reason": "SourceCorrupt", "message": "On purpose.", "next": 1 },
                { "asset": "photo.jpg", "reason": "SourceUnsupported" },
                { "name": "c.png", "asset": "film.mp4", "reason": "GenericError", "nth": 2, "next": 3 },
                { "name": "d.png", "reason": "GenericError", "fromSeconds": 5, "untilSeconds": 9.5 },
                { "name": "e.png", "reason": "GenericError", "fromSeconds": 5, "next": 1 }
              ],
              "faults": [
                { "operation": "Register", "nth": 3, "status": 503 },
                { "operation": "BlobWrite", "path": "b.png", "nth": 2, "next": 2, "status": 403 }
              ]
            }
            """), Cancellation);
        var failed = await client.EventOfAsync("data:,x", RenditionTests.Rendition(emulator, "a.png", "png"));

        Assert.Equal(
            [
                "BlobWrite b.png: 2 from number 2 on → status 403",
                "Register: number 3 from now → status 503",
                "asset photo.jpg: all → SourceUnsupported",
                "rendition a.png: the next 1 → SourceCorrupt",
                "rendition c.png of asset film.mp4: 3 from number 2 on → GenericError",
                "rendition d.png: all from 5 s to 9.5 s → GenericError",
                "rendition e.png: the next 1 from 5 s on → GenericError",
            ],
            (await ServiceClient.JsonAsync(added))["faults"]!.AsArray().Select(fault => fault!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal("On purpose.", failed["errorMessage"]!.GetValue<string>());
    }

    [Fact]
    public async Task Nth_call_fails_whatever_becomes_of_those_before_it()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.Add(EmulatorOperation.Register, EmulatorFault.Answer(503) with { Nth = 3, Times = 2 });
        emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Answer(500));

        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            using var response = await client.PostAsync("/register");
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([500, 200, 503, 503, 200], statuses);
        Assert.Throws<ArgumentOutOfRangeException>(() => emulator.Faults.Add(EmulatorOperation.Register, EmulatorFault.Reset() with { Nth = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => emulator.Faults.Add(new() { Name = "a", Reason = "b", Times = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => emulator.Faults.Add(new() { Asset = "a", Reason = "b", Nth = 0 }));
        Assert.Throws<ArgumentException>(() => emulator.Faults.Rendition("", "b"));
        Assert.Throws<ArgumentException>(() => emulator.Faults.Asset("a", " "));
    }

    [Fact]
    public async Task Fault_of_a_path_strikes_that_path_alone_also_as_a_share()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient();
        await emulator.Storage.PutAsync("a/one.txt", new byte[1], cancellationToken: Cancellation);
        await emulator.Storage.PutAsync("a/zw ö.txt", new byte[1], cancellationToken: Cancellation);
        emulator.Faults.Next(EmulatorOperation.BlobRead, EmulatorFault.Answer(503) with { Path = "one.txt" });
        emulator.Faults.Share(EmulatorOperation.BlobRead, 1, EmulatorFault.Answer(410) with { Path = "/blobs/a/zw ö.txt" });

        var statuses = new List<int>();
        foreach (var name in new[] { "a/zw ö.txt", "a/one.txt", "a/one.txt" })
        {
            using var response = await http.GetAsync(emulator.Storage.CreateReadUrl(name), Cancellation);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([410, 503, 200], statuses);
    }

    [Theory]
    [InlineData("""{"faults":[{"operation":"Sing","status":500}]}""", "'Sing' is not known; these are: Token, TokenStatus, Register, Unregister, Process, Journal,")]
    [InlineData("""{"faults":[{"operation":7,"status":500}]}""", "AemList")]
    [InlineData("""{"faults":[{"operation":"1","status":500}]}""", "AemList")]
    [InlineData("""{"rateLimits":[{"operation":"Sing","perSecond":1,"burst":1}]}""", "Process")]
    [InlineData("""{"faults":[{"operation":"Process","connection":"Melt"}]}""", "Keep, ResetBeforeHeaders, CloseAfterHeaders, TruncateBody")]
    [InlineData("""{"renditions":[{"reason":"x"}]}""", "by its name or by its asset's")]
    [InlineData("""{"renditions":[{"name":"x"}]}""", "reason")]
    [InlineData("""{"renditions":[{"name":"x","reason":""}]}""", "reason")]
    [InlineData("""{"renditions":[{"name":"x","reason":"y","next":0}]}""", "times")]
    [InlineData("""{"renditions":[{"name":"x","reason":"y","fromSeconds":2,"untilSeconds":1}]}""", "until")]
    [InlineData("""{"renditions":null}""", "renditions")]
    [InlineData("""{"faults":[{"operation":"Process","nth":0,"status":500}]}""", "nth")]
    [InlineData("""{"faults":[{"operation":"Process","nth":2,"share":0.5,"status":500}]}""", "not for both")]
    public async Task Script_that_is_wrong_is_refused_and_says_what_is_known(string script, string text)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };

        using var response = await http.PostAsync("/emulator/faults", Json(script), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(text, (await ServiceClient.JsonAsync(response))["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_operation_of_the_call_log_lists_the_known_ones()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };

        using var response = await http.GetAsync("/emulator/calls?operation=Sing", Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("BlobWrite", (await ServiceClient.JsonAsync(response))["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Starts an emulator that renders nothing.</summary>
    private static Task<AssetComputeEmulator> StartAsync(TimeProvider clock) => AssetComputeEmulator.StartAsync(
        options =>
        {
            options.TimeProvider = clock;
            options.Rendering.Mode = EmulatorRenderingMode.None;
        },
        Cancellation);
}
