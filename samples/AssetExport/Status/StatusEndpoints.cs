using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using AssetCompute.Client.Inbox;
using AssetExport.Status.Pages;
using RazorSlices;

namespace AssetExport;

/// <summary>The status page, its JSON, the health check, and trying again. They answer only under the host names that are allowed: by default those of the loopback interface.</summary>
internal static class StatusEndpoints
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly Lazy<string> s_style = new(static () =>
    {
        using StreamReader reader = new(typeof(StatusEndpoints).Assembly.GetManifestResourceStream("status.css")!);
        return reader.ReadToEnd();
    });

    public static void MapStatus(this WebApplication app)
    {
        RouteGroupBuilder status = app.MapGroup("").RequireHost(app.Services.GetRequiredService<StatusSettings>().Hosts);
        status.MapGet("/", static async (HttpContext context, StatusReporter reporter) =>
            await WriteAsync(context, "text/html; charset=utf-8", await StatusPage.Create(await reporter.ReportAsync(context.RequestAborted)).RenderAsync(s_encoder, context.RequestAborted)));
        status.MapGet("/status.css", static context => WriteAsync(context, "text/css", s_style.Value));
        status.MapGet("/status.json", static async (HttpContext context, StatusReporter reporter) =>
            await WriteAsync(context, "application/json", JsonSerializer.Serialize(await reporter.ReportAsync(context.RequestAborted), StatusJson.Default.StatusReport)));
        status.MapPost("/exports/{id}/retry", static async (HttpContext context, string id, ExportLedger ledger, DestinationDirectory destinations) =>
            await ChangeAsync(context, () => RetryAsync(id, ledger, destinations, context.RequestAborted)));
        status.MapPost("/exports/retry", static async (HttpContext context, ExportLedger ledger, DestinationDirectory destinations) =>
            await ChangeAsync(context, () => RetryFailedAsync(context.Request.Query["destination"].ToString(), ledger, destinations, context.RequestAborted)));
        status.MapPost("/events/retry", static async (HttpContext context, IEventInbox inbox) =>
            await ChangeAsync(context, async () => context.Request.Query["id"].ToString() is { Length: > 0 } id && await inbox.RequeueAsync(id, context.RequestAborted)));
        status.MapHealthChecks("/healthz");
    }

    private static async Task<bool> RetryAsync(string id, ExportLedger ledger, DestinationDirectory destinations, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(id, cancellationToken) is not { } export || destinations.Find(export.Destination) is not { } destination || !await ledger.RetryAsync(id, null, cancellationToken))
        {
            return false;
        }

        // Whoever presses the button knows more than the destination's last answer.
        destination.Pause.Lift();
        return true;
    }

    /// <param name="name">The name of a destination; empty for all that are in the settings.</param>
    /// <param name="ledger">What has failed.</param>
    /// <param name="destinations">The destinations.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    private static async Task<bool> RetryFailedAsync(string name, ExportLedger ledger, DestinationDirectory destinations, CancellationToken cancellationToken)
    {
        bool isAny = false;
        foreach (ExportDestination destination in destinations.All.Where(destination => name.Length == 0 || destination.Name == name))
        {
            if (await ledger.RetryFailedAsync(destination.Name, null, cancellationToken) > 0)
            {
                destination.Pause.Lift();
                isAny = true;
            }
        }

        return isAny;
    }

    /// <summary>A page of another site, open in the browser of somebody who may use this one, must not press its buttons.</summary>
    private static async Task ChangeAsync(HttpContext context, Func<Task<bool>> change)
    {
        // Host and port only: behind a proxy that ends TLS the page is one of https, and the request is not.
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? site)
            && string.Equals(site.Authority, context.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
            && (site.Scheme == Uri.UriSchemeHttps || site.Scheme == context.Request.Scheme)))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (await change())
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = "/";
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            await context.Response.WriteAsync("There is nothing to try again here, or its destination is not in the settings.", context.RequestAborted);
        }
    }

    private static Task WriteAsync(HttpContext context, string contentType, string body)
    {
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
