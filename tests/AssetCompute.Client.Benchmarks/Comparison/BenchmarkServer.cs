using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>
/// The server of all contestants, in a separate process, so that it adds nothing to their processor time. Returns prepared bytes, never an error.
/// </summary>
/// <remarks>
/// <c>/bare/…</c> accepts requests and discards them. <c>/pages/{count}/…</c> is an account whose journal has the given number of events.
/// <c>/held/{count}-{run}/…</c> is the same, but its journal responds only after its release. <c>/jobs/{run}/…</c> is an account that creates events for the
/// requests. <c>/ims/…</c> returns a token.
/// </remarks>
internal sealed class BenchmarkServer
{
    private readonly JournalPages _pages = new();
    private readonly ConcurrentDictionary<string, JobJournal> _journals = new();
    private readonly ConcurrentDictionary<string, Held> _held = new();
    private readonly WebApplication _application;

    private BenchmarkServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>Writes the address, and serves until standard input closes, so that the server ends with its parent.</summary>
    public static async Task RunAsync()
    {
        BenchmarkServer server = new();
        await using WebApplication application = server._application;
        await application.StartAsync();
        Console.WriteLine(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.In.ReadToEndAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path switch
        {
            ["ims", ..] => AnswerJsonAsync(context, $$"""{"access_token":"{{Contestant.Token}}","expires_in":86399,"token_type":"bearer"}"""),
            [var account, var name, "register"] => AnswerJsonAsync(context, $$"""{"ok":true,"journal":"{{Root(context)}}/{{account}}/{{name}}/journal","requestId":"{{RequestId(context)}}"}"""),
            ["jobs", var run, "process"] => AcceptAsync(context, _journals.GetOrAdd(run, static _ => new JobJournal())),
            [_, _, "process"] => AcceptAsync(context, journal: null),
            ["jobs", var run, "journal"] => AnswerJobsAsync(context, _journals.GetOrAdd(run, static _ => new JobJournal())),
            ["held", var name, var verb] => AnswerHeldAsync(context, _held.GetOrAdd(name, static _ => new Held()), verb, long.Parse(name.Split('-')[0], CultureInfo.InvariantCulture)),
            ["pages", var count, _] => AnswerPageAsync(context, long.Parse(count, CultureInfo.InvariantCulture), replays: path[2] == "replay"),
            ["bare", _, "journal"] => AnswerEndAsync(context, JournalPages.Position(0)),
            _ => throw new InvalidOperationException($"Nobody asks for {context.Request.Path}."),
        };
    }

    private static string Root(HttpContext context) => $"http://{context.Request.Host}";

    private static string RequestId(HttpContext context) =>
        context.Request.Headers["x-request-id"] is [{ Length: > 0 } sent] ? sent : Guid.NewGuid().ToString();

    private static async Task AcceptAsync(HttpContext context, JobJournal? journal)
    {
        string requestId = RequestId(context);
        if (journal is null)
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }
        else
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            journal.Accept(body.GetBuffer().AsMemory(0, (int)body.Length), requestId);
        }

        context.Response.Headers["x-request-id"] = requestId;
        await AnswerJsonAsync(context, $$"""{"ok":true,"requestId":"{{requestId}}"}""");
    }

    private async Task AnswerHeldAsync(HttpContext context, Held held, string verb, long total)
    {
        switch (verb)
        {
            case "asked":
                await held.Asked.Task.WaitAsync(context.RequestAborted);
                break;
            case "release":
                held.Released.TrySetResult();
                break;
            case "journal" when context.Request.Query.ContainsKey("latest"):
                // The client checks that the journal exists before it reads, so this request isn't held.
                await AnswerPageAsync(context, total, replays: false);
                break;
            default:
                held.Asked.TrySetResult();
                await held.Released.Task.WaitAsync(context.RequestAborted);
                await AnswerPageAsync(context, total, replays: false);
                break;
        }
    }

    /// <param name="context">The request.</param>
    /// <param name="total">Number of events in the journal.</param>
    /// <param name="replays">Whether "latest" returns all events: the peer's client has no other starting point.</param>
    private Task AnswerPageAsync(HttpContext context, long total, bool replays)
    {
        IQueryCollection query = context.Request.Query;
        if (query.ContainsKey("latest") && !replays)
        {
            return AnswerEndAsync(context, JournalPages.Position(total));
        }

        int since = query["since"] is [{ Length: > 0 } position] ? JobJournal.NumberOf(position) : 0;
        byte[] page = _pages.After(since, total);
        long last = Math.Min(total, since + JournalPages.EventsPerPage);
        return page.Length == 0 ? AnswerEndAsync(context, JournalPages.Position(total)) : AnswerJsonAsync(context, page, JournalPages.Position(last));
    }

    private static Task AnswerJobsAsync(HttpContext context, JobJournal journal)
    {
        IQueryCollection query = context.Request.Query;
        int since = query["since"] is [{ Length: > 0 } position] ? JobJournal.NumberOf(position) : query.ContainsKey("latest") ? journal.Count : 0;
        (byte[] page, int last) = journal.After(since);
        return page.Length == 0 ? AnswerEndAsync(context, JobJournal.Position(since)) : AnswerJsonAsync(context, page, JobJournal.Position(last));
    }

    private static Task AnswerEndAsync(HttpContext context, string position)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        Link(context, position);
        return Task.CompletedTask;
    }

    private static Task AnswerJsonAsync(HttpContext context, byte[] page, string last)
    {
        Link(context, last);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = page.Length;
        return context.Response.Body.WriteAsync(page, context.RequestAborted).AsTask();
    }

    private static Task AnswerJsonAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    private static void Link(HttpContext context, string position) =>
        context.Response.Headers.Link = $"<{context.Request.Path}?since={Uri.EscapeDataString(position)}>; rel=\"next\"";

    private sealed class Held
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
