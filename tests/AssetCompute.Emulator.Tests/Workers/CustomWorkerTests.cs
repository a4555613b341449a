using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Emulator.Tests;

public sealed class CustomWorkerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_gets_its_renditions_in_one_call_and_its_events_reach_the_journal()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var calls = new List<(Dictionary<string, string> Headers, JsonObject Body)>();
        await using var worker = await StartWorkerAsync(async context =>
        {
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            calls.Add((headers, (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: Cancellation))!.AsObject()));
            await context.Response.WriteAsync("""{"activationId":"a1"}""", Cancellation);
        });
        var url = $"{worker.Urls.First()}/worker";
        var first = new JsonObject { ["worker"] = url, ["target"] = "http://127.0.0.1/a", ["instruction"] = "custom", ["userData"] = new JsonObject { ["n"] = 1 } };
        var second = new JsonObject { ["worker"] = url, ["target"] = "http://127.0.0.1/b", ["fmt"] = "mp4" };

        using var response = await client.PostAsync(
            "/process",
            new JsonObject
            {
                ["source"] = new JsonObject { ["url"] = "https://example.com/never-fetched", ["name"] = "x" },
                ["renditions"] = new JsonArray(first.DeepClone(), RenditionTests.Rendition(emulator, "standard", "xyz"), second.DeepClone()),
                ["userData"] = new JsonObject { ["mine"] = true },
            },
            requestId: "r1");
        var failed = Assert.Single(await client.EventsAsync(1));
        Assert.Equal("xyz", failed["rendition"]!["fmt"]!.GetValue<string>());
        await SpinAsync(() => calls.Count > 0);

        var (headers, body) = Assert.Single(calls);
        Assert.Equal("r1", headers["x-request-id"]);
        Assert.Equal("emulator@AdobeOrg", headers["x-gw-ims-org-id"]);
        Assert.NotEmpty(headers["x-app-name"]);
        Assert.True(JsonNode.DeepEquals(new JsonArray(first.DeepClone(), second.DeepClone()), body["renditions"]));
        Assert.Equal("""{"url":"https://example.com/never-fetched","name":"x"}""", body["source"]!.ToJsonString());
        Assert.Equal("""{"mine":true}""", body["userData"]!.ToJsonString());
        Assert.NotNull(body["times"]!["core"]);

        // The token that the worker receives authorizes it to send its event.
        client.Token = headers["Authorization"]["Bearer ".Length..];
        var @event = new JsonObject { ["type"] = "rendition_created", ["requestId"] = "r1", ["rendition"] = new JsonObject { ["fmt"] = "mp4", ["worker"] = url } };
        using var accepted = await client.PostAsync("/api/events", new JsonObject
        {
            ["user_guid"] = "emulator@AdobeOrg",
            ["provider_id"] = "asset_compute_emulator@AdobeOrg_emulator-client",
            ["event_code"] = "asset_compute",
            ["event"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(@event.ToJsonString())),
        });
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.True(JsonNode.DeepEquals(@event, (await client.EventsAsync(2))[1]));
    }

    [Fact]
    public async Task Event_of_a_worker_in_a_form_of_its_own_does_not_break_the_page()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await StartWorkerAsync(_ =>
        {
            called.TrySetResult();
            return Task.CompletedTask;
        });
        var rendition = WorkerRendition(worker.Urls.First());
        var requestId = await client.ProcessAsync("data:,x", rendition);
        await called.Task.WaitAsync(ServiceClient.Patience, Cancellation);
        rendition.Remove("target");

        using var accepted = await client.PostAsync("/api/events", new JsonObject
        {
            ["event"] = new JsonObject { ["type"] = "rendition_created", ["requestId"] = requestId, ["rendition"] = rendition.DeepClone(), ["metadata"] = "none", ["errorReason"] = 1 },
        });
        var jobs = await client.Http.GetStringAsync("/emulator/jobs", Cancellation);

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Contains("\"state\":\"created\"", jobs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"worker":"URL","userData":{"n":1}}""", """{"worker":"URL","userData":{"n":1}}""")]
    [InlineData("""{"worker":"URL","userData":{"n":1}}""", """{"worker":"URL","userData":{"n":1},"fmt":"png","name":"rendition0.png"}""")]
    [InlineData("""{"worker":"URL","type":"image/png"}""", """{"worker":"URL","type":"image/png","fmt":"png"}""")]
    [InlineData("""{"worker":"URL"}""", """{}""")]
    public async Task Rendition_without_a_format_has_its_state_by_whatever_event_the_worker_sends(string asked, string said)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await StartWorkerAsync(_ =>
        {
            called.TrySetResult();
            return Task.CompletedTask;
        });
        JsonObject Json(string text) => JsonNode.Parse(text.Replace("URL", worker.Urls.First(), StringComparison.Ordinal))!.AsObject();
        var first = Json(asked);
        first["target"] = "http://127.0.0.1/x";
        var second = first.DeepClone().AsObject();
        second["userData"] = new JsonObject { ["n"] = 2 };
        var requestId = await client.ProcessAsync("data:,x", second, first);
        await called.Task.WaitAsync(ServiceClient.Patience, Cancellation);

        // Adobe's ingress has at-least-once delivery, so the worker sends the event twice.
        for (var i = 0; i < 2; i++)
        {
            using var accepted = await client.PostAsync("/api/events", new JsonObject
            {
                ["event"] = new JsonObject { ["type"] = "rendition_failed", ["requestId"] = requestId, ["rendition"] = Json(said), ["errorReason"] = "GenericError" },
            });
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        }

        var jobs = await client.Http.GetStringAsync("/emulator/jobs", Cancellation);
        Assert.Equal(2, jobs.Split("\"reason\":\"GenericError\"").Length);
    }

    [Fact]
    public async Task Event_with_a_key_twice_is_taken_as_JavaScript_reads_it()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var @event = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"type":"a","type":"b","x":{"y":1,"y":2}}"""));

        using var accepted = await client.SendAsync(HttpMethod.Post, "/api/events", $$"""{"event":"###","event":"{{@event}}"}""");

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal("""{"type":"b","x":{"y":2}}""", (await client.EventsAsync(1)).Single().ToJsonString());
    }

    [Theory]
    [InlineData(500, "answered 500")]
    [InlineData(401, "answered 401")]
    public async Task Worker_that_does_not_accept_fails_its_renditions(int status, string message)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await using var worker = await StartWorkerAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        await client.ProcessAsync("data:,x", WorkerRendition(worker.Urls.First()), WorkerRendition(worker.Urls.First()));
        var events = await client.EventsAsync(2);

        Assert.All(events, @event =>
        {
            Assert.Equal("GenericError", @event["errorReason"]!.GetValue<string>());
            Assert.Contains(message, @event["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Worker_on_a_host_that_is_not_allowed_is_not_called()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var failed = await client.EventOfAsync("data:,x", WorkerRendition("https://worker.example"));

        Assert.Contains("not on the emulator's list of allowed hosts", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_for_nobody_answers_204_and_a_malformed_one_400()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        await client.SignInAsync();

        using var nobody = await client.PostAsync("/api/events", new JsonObject { ["event"] = new JsonObject() });
        using var malformed = await client.PostAsync("/api/events", new JsonObject { ["event"] = "###" });
        using var unwritable = await client.SendAsync(HttpMethod.Post, "/api/events", """{"event":{"x":"\ud800"}}""");
        using var foreign = await client.PostAsync("/api/events", new JsonObject { ["provider_id"] = "asset_compute_other_other", ["event"] = new JsonObject() });

        Assert.Equal(HttpStatusCode.NoContent, nobody.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, unwritable.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
    }

    [Fact]
    public async Task Call_that_a_stop_interrupts_is_repeated_by_the_next_run_even_if_the_first_rendition_had_ended()
    {
        using var folder = new TempFolder();
        var calls = Channel.CreateUnbounded<int>();
        await using var worker = await StartWorkerAsync(async context =>
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: Cancellation);
            calls.Writer.TryWrite(body!["renditions"]!.AsArray().Count);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        JsonObject Named(string name)
        {
            var rendition = WorkerRendition(worker.Urls.First());
            rendition["name"] = name;
            return rendition;
        }

        await using (var first = await AssetComputeEmulator.StartAsync(options => options.DataFolder = folder["data"], Cancellation))
        {
            using var client = await ServiceClient.RegisteredAsync(first);
            first.Faults.Rendition("one", "SourceCorrupt");
            await client.ProcessAsync("data:,x", Named("one"), Named("two"));
            Assert.Equal(1, await calls.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(ServiceClient.Patience, Cancellation));
        }

        // The folder has the job as it was accepted, so the whole call is repeated.
        await using var second = await AssetComputeEmulator.StartAsync(options => options.DataFolder = folder["data"], Cancellation);

        Assert.Equal(2, await calls.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(ServiceClient.Patience, Cancellation));
    }

    private static JsonObject WorkerRendition(string url) => new() { ["worker"] = url, ["target"] = "http://127.0.0.1/x" };

    private static async Task SpinAsync(Func<bool> until)
    {
        while (!until())
        {
            await Task.Delay(10, Cancellation);
        }
    }

    internal static async Task<WebApplication> StartWorkerAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(Cancellation);
        return app;
    }
}
