using System.Text.Json;
using AssetCompute.Client.Inbox;

namespace AssetExport;

/// <summary>The status page, its JSON, the health check, and trying again. They answer only under the host names that are allowed: by default those of the loopback interface.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this WebApplication app)
    {
        RouteGroupBuilder status = app.MapGroup("").RequireHost(app.Services.GetRequiredService<StatusSettings>().Hosts);
        status.MapGet("/", static async (HttpContext context, StatusReporter reporter) =>
            await WriteAsync(context, "text/html; charset=utf-8", StatusPage.Create(await reporter.ReportAsync(context.RequestAborted))));
        status.MapGet("/status.json", static async (HttpContext context, StatusReporter reporter) =>
            await WriteAsync(context, "application/json", JsonSerializer.Serialize(await reporter.ReportAsync(context.RequestAborted), StatusJson.Default.StatusReport)));
        status.MapPost("/exports/{id}/retry", static async (HttpContext context, string id, ExportLedger ledger, DestinationDirectory destinations) =>
            await ChangeAsync(context, () => RetryAsync(id, ledger, destinations, context.RequestAborted)));
        status.MapPost("/events/retry", static async (HttpContext context, IEventInbox inbox) =>
            await ChangeAsync(context, async () => context.Request.Query["id"].ToString() is { Length: > 0 } id && await inbox.RequeueAsync(id, context.RequestAborted)));
        status.MapHealthChecks("/healthz");
    }

    private static async Task<bool> RetryAsync(string id, ExportLedger ledger, DestinationDirectory destinations, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(id, cancellationToken) is not { } export || destinations.Find(export.Destination) is not { } destination || !await ledger.RetryAsync(id, cancellationToken))
        {
            return false;
        }

        // Whoever presses the button knows more than the destination's last answer.
        destination.Pause.Lift();
        return true;
    }

    /// <summary>A page of another site, open in the browser of somebody who may use this one, must not press its buttons.</summary>
    private static async Task ChangeAsync(HttpContext context, Func<Task<bool>> change)
    {
        HttpRequest request = context.Request;
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}")
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
            await context.Response.WriteAsync("There is nothing to try again under this id, or its destination is not in the settings.", context.RequestAborted);
        }
    }

    private static Task WriteAsync(HttpContext context, string contentType, string body)
    {
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
