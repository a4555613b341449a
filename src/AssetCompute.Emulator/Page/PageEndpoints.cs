using System.Globalization;
using System.IO.Pipelines;
using AssetCompute.Emulator.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RazorSlices;

namespace AssetCompute.Emulator;

/// <summary>The emulator's web page: the views, each with its own URL, and the stream that notifies open pages of changes.</summary>
internal sealed class PageEndpoints(EmulatorParts parts, PageRuns runs)
{
    /// <summary>The time between two messages. A page fetches its view again for each message, so more messages only cost time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly (string Name, string ContentType)[] Files =
        [("workbench.css", "text/css; charset=utf-8"), ("emulator.css", "text/css; charset=utf-8"), ("workbench.js", "text/javascript; charset=utf-8"), ("run.js", "text/javascript; charset=utf-8")];

    private readonly PageViews _views = new(parts, runs);
    private readonly Lazy<LiveUpdates> _live = new(() => new(parts));

    public void Map(IEndpointRouteBuilder all)
    {
        var routes = all.MapGroup("").WithMetadata(OperationMetadata.Unrecorded);
        Map(routes, "/", "Jobs", "jobs", (context, endpoint) => _views.Jobs(PageQuery.Of(context.Request), endpoint));
        Map(routes, "/jobs/{id}", "Job", "jobs events calls", (context, endpoint) => _views.Job(context.Route("id"), int.TryParse(context.Request.Query["rendition"], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1, endpoint), "/");
        Map(routes, "/run", "Run", "", (context, _) => _views.Run(context.Request.Query["source"], context.Request.Query["job"]));
        Map(routes, "/events", "Events", "events jobs", (context, _) => _views.Events(PageQuery.Of(context.Request)));
        Map(routes, "/events/{position}", "Event", "", (context, _) => _views.Entry(context.Route("position")), "/events");
        Map(routes, "/calls", "Calls", "calls", (context, _) => _views.Calls(PageQuery.Of(context.Request)));
        Map(routes, "/calls/{sequence:long}", "Call", "calls", (context, _) => _views.Call(long.Parse(context.Route("sequence"), CultureInfo.InvariantCulture)), "/calls");
        Map(routes, "/assets", "Assets", "aem", (context, _) => _views.Assets(PageQuery.Of(context.Request)));
        Map(routes, "/faults", "Faults", "faults", (_, _) => _views.Faults());
        routes.MapGet("/emulator/live", LiveAsync);
        foreach (var (name, contentType) in Files)
        {
            routes.MapGet($"/emulator/page/{name}", context =>
            {
                SetHeaders(context.Response.Headers);
                return TypedResults.Stream(typeof(PageEndpoints).Assembly.GetManifestResourceStream(name)!, contentType).ExecuteAsync(context);
            });
        }
    }

    private void Map(IEndpointRouteBuilder routes, string pattern, string title, string live, Func<HttpContext, Uri, RazorSlice?> view, string? tab = null) => routes.MapGet(pattern, async context =>
    {
        var endpoint = context.Request.Origin();
        var shown = view(context, endpoint);
        context.Response.StatusCode = shown is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        context.Response.ContentType = "text/html; charset=utf-8";
        SetHeaders(context.Response.Headers);
        using var page = new Page_Layout { Model = _views.Frame(title, tab ?? pattern, live, endpoint, shown ?? new Page_Missing()) };

        // Not BodyWriter: without a host, Kestrel's pool may return no memory for the 0 bytes that a slice asks for.
        var writer = PipeWriter.Create(context.Response.Body, new(leaveOpen: true));
        await page.RenderAsync(writer, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        await writer.CompleteAsync().ConfigureAwait(false);
    });

    /// <summary>Sets headers that allow only the page's own scripts and load nothing from elsewhere, whatever a job contains.</summary>
    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy =
            "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
    }

    private async Task LiveAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await context.Response.WriteAsync("retry: 1000\n\n", context.RequestAborted).ConfigureAwait(false);
            for (var (seen, now) = (_live.Value.Versions, _live.Value.Versions); ; (seen, now) = (now, _live.Value.Versions))
            {
                if (string.Join(' ', now.Except(seen).Select(section => section.Key)) is { Length: > 0 } sections)
                {
                    await context.Response.WriteAsync($"data: {sections}\n\n", context.RequestAborted).ConfigureAwait(false);
                }

                // Browsers run in real time, regardless of the emulator's clock.
                await Task.Delay(Pause, TimeProvider.System, context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the emulator is stopping.
        }
    }
}
