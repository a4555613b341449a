using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>The HTTP API behind a token bucket: what is over the limit gets 429 with <c>Retry-After: 1</c>.</summary>
internal sealed class LimitedServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TokenBucket _bucket;
    private readonly TimeSpan _latency;
    private int _requests;
    private int _accepted;

    private LimitedServer(TokenBucket bucket, TimeSpan latency)
    {
        _bucket = bucket;
        _latency = latency;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public Uri Endpoint => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>All requests to <c>/process</c>.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Those that got through.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public static async Task<LimitedServer> StartAsync(TokenBucket bucket, TimeSpan latency)
    {
        LimitedServer server = new(bucket, latency);
        await server._application.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string requestId = context.Request.Headers["x-request-id"].ToString();
        context.Response.Headers["x-request-id"] = requestId;
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        if (_latency > TimeSpan.Zero)
        {
            await Task.Delay(_latency, context.RequestAborted);
        }

        if (context.Request.Path.StartsWithSegments("/register", StringComparison.Ordinal))
        {
            await AnswerJsonAsync(context, $$"""{"ok":true,"journal":"{{Endpoint}}journal","requestId":"{{requestId}}"}""");
            return;
        }

        Interlocked.Increment(ref _requests);
        if (!_bucket.TryTake())
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
            return;
        }

        Interlocked.Increment(ref _accepted);
        await AnswerJsonAsync(context, $$"""{"ok":true,"requestId":"{{requestId}}"}""");
    }

    private static Task AnswerJsonAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }
}
