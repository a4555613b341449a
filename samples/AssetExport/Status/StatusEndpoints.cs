using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using AssetCompute.Client.Inbox;
using AssetExport.Views;
using Microsoft.AspNetCore.Http.HttpResults;
using RazorSlices;

namespace AssetExport;

/// <summary>The status page, its actions and the health check.</summary>
internal static class StatusEndpoints
{
    private const string Nothing = "Nothing changed: there is no such export or destination, or it isn't in a state that allows this.";

    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Handles requests that arrive on the page's port, and no others.</summary>
    public static void UseStatus(this WebApplication app)
    {
        // This is not a branch of the application, because a branch would share its routes with the webhook.
        ApplicationBuilder builder = new(app.Services);
        StatusGuard guard = app.Services.GetRequiredService<StatusGuard>();
        builder.Use(next => context => guard.InvokeAsync(context, next));
        builder.UseRouting();
        builder.UseEndpoints(static endpoints => Map(endpoints));
        RequestDelegate page = builder.Build();

        // The port on which a request arrives decides, not its headers.
        StatusSettings settings = app.Services.GetRequiredService<StatusSettings>();
        Lazy<int> port = new(() => settings.Port != 0 ? settings.Port : BindingAddress.Parse(app.Urls.Last()).Port);
        app.Use(next => context =>
        {
            if (context.Connection.LocalPort != port.Value)
            {
                return next(context);
            }

            context.SetEndpoint(null);
            return page(context);
        });
    }

    private static void Map(IEndpointRouteBuilder page)
    {
        page.MapGet("/", OverviewAsync);
        page.MapGet("/exports", ExportsAsync);
        page.MapGet("/asset", AssetAsync);
        page.MapGet("/events", EventsAsync);
        page.MapGet("/workbench.css", static () => Asset("workbench.css", "text/css"));
        page.MapGet("/status.css", static () => Asset("status.css", "text/css"));
        page.MapGet("/status.js", static () => Asset("status.js", "text/javascript"));
        page.MapHealthChecks("/healthz");

        page.MapGet("/status.json", static async (StatusReporter reporter, CancellationToken token) =>
            TypedResults.Json(await reporter.ReportAsync(isRunning: true, token), StatusJson.Default.StatusReport));
        page.MapGet("/exports.json", static async (ExportLedger ledger, string? state, string? destination, string? q, CancellationToken token) =>
            TypedResults.Json(await ledger.SearchAsync(q, StateOf(state), destination, ExportList.MaxEntries, token), StatusJson.Default.IReadOnlyListExportEntry));
        page.MapGet("/asset.json", static async Task<Results<JsonHttpResult<AssetStory>, NotFound>> (StatusReporter reporter, string path, CancellationToken token) =>
            await reporter.StoryAsync(path, token) is { } story ? TypedResults.Json(story, StatusJson.Default.AssetStory) : TypedResults.NotFound());

        page.MapPost("/exports/{id}/retry", static (HttpContext context, StatusGuard guard, ExportActions actions, string id, CancellationToken token) =>
            ChangeAsync(context, actions.RetryAsync(id, guard.OperatorOf(context), token)));
        page.MapPost("/exports/{id}/skip", static (HttpContext context, StatusGuard guard, ExportLedger ledger, string id, CancellationToken token) =>
            ChangeAsync(context, ledger.SkipAsync(id, guard.OperatorOf(context), token)));
        page.MapPost("/exports/retry", static (HttpContext context, StatusGuard guard, ExportActions actions, string? destination, CancellationToken token) =>
            ChangeAsync(context, actions.RetryFailedAsync(destination, guard.OperatorOf(context), token)));
        page.MapPost("/destinations/{name}/pause", static (HttpContext context, StatusGuard guard, ExportActions actions, string name, CancellationToken token) =>
            ChangeAsync(context, actions.PauseAsync(name, guard.OperatorOf(context), token)));
        page.MapPost("/destinations/{name}/resume", static (HttpContext context, StatusGuard guard, ExportLedger ledger, string name, CancellationToken token) =>
            ChangeAsync(context, ledger.ResumeAsync(name, guard.OperatorOf(context), token)));
        page.MapPost("/events/retry", static (HttpContext context, IEventInbox inbox, string id, CancellationToken token) =>
            ChangeAsync(context, inbox.RequeueAsync(id, token).AsTask()));
    }

    /// <summary>Parses a state. An unknown state, as in a link from an older page, gives null.</summary>
    private static ExportState? StateOf(string? state) => Enum.TryParse(state, ignoreCase: true, out ExportState known) && Enum.IsDefined(known) ? known : null;

    private static Task<IResult> OverviewAsync(HttpContext context, ExportLedger ledger) => PageAsync(context, "Destinations", "/", async report => new Status_Pages_Overview
    {
        Model = new ExportList(await ledger.RecentAsync(ExportState.Failed, 20, context.RequestAborted), null, ExportState.Failed, null, report),
    });

    private static Task<IResult> ExportsAsync(HttpContext context, ExportLedger ledger, string? state, string? destination, string? q) => PageAsync(context, "Exports", "/exports", async report => new Status_Pages_Exports
    {
        Model = new ExportList(await ledger.SearchAsync(q?.Trim(), StateOf(state), destination, ExportList.MaxEntries, context.RequestAborted), q?.Trim(), StateOf(state), destination, report),
    });

    private static Task<IResult> AssetAsync(HttpContext context, StatusReporter reporter, string path) => PageAsync(context, path, "/exports", async _ =>
    {
        AssetStory? story = await reporter.StoryAsync(path, context.RequestAborted);
        context.Response.StatusCode = story is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return new Status_Pages_Asset { Model = story ?? new AssetStory(path, [], []) };
    });

    private static Task<IResult> EventsAsync(HttpContext context, IEventInbox inbox) => PageAsync(context, "Events", "/events", async report => new Status_Pages_Events
    {
        Model = new EventList(report, await inbox.ReadDeadLettersAsync(ExportList.MaxEntries, context.RequestAborted)),
    });

    /// <summary>Returns the whole page, or 304 if nothing has changed, because an open page polls every other second.</summary>
    private static async Task<IResult> PageAsync(HttpContext context, string title, string tab, Func<StatusReport, Task<RazorSlice>> view)
    {
        StatusReport report = await context.RequestServices.GetRequiredService<StatusReporter>().ReportAsync(isRunning: true, context.RequestAborted);
        using Status_Pages_Layout layout = new() { Model = new PageFrame(title, tab, report, await view(report)) };
        byte[] page = Encoding.UTF8.GetBytes(await layout.RenderAsync(s_encoder, context.RequestAborted));
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(page).AsSpan(0, 16))}\"";
        context.Response.Headers.ETag = tag;
        return context.Request.Headers.IfNoneMatch == tag ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Bytes(page, "text/html; charset=utf-8");
    }

    /// <summary>Performs an action and redirects to the page with the button.</summary>
    private static async Task<IResult> ChangeAsync(HttpContext context, Task<bool> change)
    {
        if (!await change)
        {
            return TypedResults.Text(Nothing, statusCode: StatusCodes.Status409Conflict);
        }

        bool isOwn = Uri.TryCreate(context.Request.Headers.Referer, UriKind.Absolute, out Uri? from) && from.Authority == context.Request.Host.Value;
        context.Response.Headers.Location = isOwn ? from!.PathAndQuery : "/";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static FileStreamHttpResult Asset(string name, string contentType) => TypedResults.Stream(typeof(StatusEndpoints).Assembly.GetManifestResourceStream(name)!, contentType);
}
