using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Emulator.Tests;

/// <summary>A webhook on a real socket that records deliveries and returns configured responses.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<WebhookCall> _calls = new();
    private int _underWay;
    private int _mostUnderWay;

    private WebhookReceiver(WebApplication app)
    {
        _app = app;
    }

    public Uri Url => new(_app.Urls.First() + "/hook");

    /// <summary>The deliveries, in order of arrival.</summary>
    public IReadOnlyList<WebhookCall> Calls => [.. _calls];

    /// <summary>The events of all deliveries with the response 200, each with its envelope.</summary>
    public IReadOnlyList<JsonObject> Accepted => [.. _calls.Where(call => call.Status == 200).SelectMany(call => call.Events)];

    public int MostUnderWay => _mostUnderWay;

    /// <summary>Responds to a challenge. Default: returns the challenge.</summary>
    public Func<HttpContext, string, Task> AnswerChallenge { get; set; } = (context, challenge) => context.Response.WriteAsync(challenge);

    /// <summary>Returns the status code for a delivery.</summary>
    public Func<WebhookCall, CancellationToken, Task<int>> Answer { get; set; } = (_, _) => Task.FromResult(200);

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.UseRouting();
        app.MapGet("/hook", context => receiver.AnswerChallenge(context, context.Request.Query["challenge"].ToString()));
        app.MapPost("/hook", receiver.ReceiveAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public void AnswerAll(int status) => Answer = (_, _) => Task.FromResult(status);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var underWay = Interlocked.Increment(ref _underWay);
        InterlockedMax(ref _mostUnderWay, underWay);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var call = new WebhookCall(
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
            _calls.Enqueue(call);
            call.Status = await Answer(call, context.RequestAborted);
            context.Response.StatusCode = call.Status;
        }
        catch (OperationCanceledException)
        {
            // The sender stopped waiting.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen; seen = most)
        {
        }
    }
}
