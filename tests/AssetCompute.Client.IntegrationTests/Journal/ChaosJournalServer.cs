using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Journal;

/// <summary>
/// A journal server that breaks every fifth response in a way that depends on a seed. It supports sign-in and registration and serves a fixed number
/// of events in pages of varying sizes.
/// </summary>
internal sealed class ChaosJournalServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Random _random;
    private readonly int _events;
    private readonly Lock _lock = new();
    private string _lastPage = "";
    private int _answers;
    private int _tokens;

    private ChaosJournalServer(WebApplication app, int events, int seed)
    {
        _app = app;
        _events = events;
        _random = new Random(seed);
    }

    private enum Break
    {
        ResetBeforeHeaders,
        ResetInBody,
        TruncatedBody,
        Throttled,
        InternalError,
        Unavailable,
        Silence,
        RevokedToken,
        SamePageAgain,
    }

    public Uri Endpoint => new(_app.Urls.First());

    /// <summary>The number of broken responses by kind.</summary>
    public Dictionary<string, int> Broken { get; } = [];

    public static async Task<ChaosJournalServer> StartAsync(int events, int seed)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        WebApplication app = builder.Build();
        ChaosJournalServer server = new(app, events, seed);
        app.UseRouting();
        app.MapPost("/ims/token/v3", server.TokenAsync);
        app.MapPost("/register", context => context.Response.WriteAsync($$"""{"ok":true,"journal":"{{server.Endpoint}}journal","requestId":"r"}"""));
        app.MapGet("/journal", server.JournalAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public static string Position(int index) => string.Create(CultureInfo.InvariantCulture, $"cat:{index:d8}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task TokenAsync(HttpContext context) =>
        context.Response.WriteAsync($$"""{"access_token":"token-{{Interlocked.Increment(ref _tokens)}}","token_type":"bearer","expires_in":86399}""");

    private async Task JournalAsync(HttpContext context)
    {
        Break? broken = NextBreak();
        if (context.Request.Headers.Authorization != $"Bearer token-{Volatile.Read(ref _tokens)}" || broken is Break.RevokedToken)
        {
            context.Response.StatusCode = 401;
            return;
        }

        switch (broken)
        {
            case Break.ResetBeforeHeaders:
                context.Abort();
                return;
            case Break.Throttled:
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "0";
                return;
            case Break.InternalError or Break.Unavailable:
                context.Response.StatusCode = broken is Break.InternalError ? 500 : 503;
                await context.Response.WriteAsync("<html>broken</html>");
                return;
            case Break.Silence:
                await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case Break.SamePageAgain when _lastPage.Length > 0:
                context.Response.Headers.Link = $"</journal?since={_lastPage[(_lastPage.LastIndexOf("cat:", StringComparison.Ordinal))..][..12]}>; rel=\"next\"";
                await context.Response.WriteAsync(_lastPage);
                return;
            default:
                await PageAsync(context, broken);
                return;
        }
    }

    private async Task PageAsync(HttpContext context, Break? broken)
    {
        string since = context.Request.Query["since"].ToString();
        int first = since.Length == 0 ? 0 : int.Parse(since.AsSpan(4), CultureInfo.InvariantCulture) + 1;
        int count;
        lock (_lock)
        {
            count = Math.Min(_random.Next(1, 200), _events - first);
        }

        int last = first + count - 1;
        context.Response.Headers.Link = new[] { $"</journal/validate?since={Position(last)}>; rel=\"validate\"", $"</journal?since={Position(last)}>; rel=\"next\"" };
        if (count == 0)
        {
            context.Response.StatusCode = 204;
            return;
        }

        StringBuilder page = new("""{"events":[""");
        for (int i = first; i <= last; i++)
        {
            page.Append(i > first ? "," : "").Append(CultureInfo.InvariantCulture, $$$"""{"position":"{{{Position(i)}}}","event":{"type":"test","index":{{{i}}}}}""");
        }

        page.Append(CultureInfo.InvariantCulture, $$$"""],"_page":{"count":{{{count}}},"last":"{{{Position(last)}}}"}}""");
        byte[] body = Encoding.UTF8.GetBytes(page.ToString());
        if (broken is Break.ResetInBody or Break.TruncatedBody)
        {
            context.Response.ContentLength = broken is Break.ResetInBody ? body.Length : body.Length / 2;
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
            await context.Response.Body.FlushAsync();
            if (broken is Break.ResetInBody)
            {
                context.Abort();
            }

            return;
        }

        _lastPage = page.ToString();
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }

    private Break? NextBreak()
    {
        lock (_lock)
        {
            if (++_answers % 5 != 0)
            {
                return null;
            }

            Break chosen = (Break)_random.Next(0, (int)Break.SamePageAgain + 1);
            Broken[chosen.ToString()] = Broken.GetValueOrDefault(chosen.ToString()) + 1;
            return chosen;
        }
    }
}
