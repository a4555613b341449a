using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The emulator's web page: the whole, its sections, its live updates, and what its forms do.</summary>
internal sealed class PageEndpoints(EmulatorParts parts, IBlobStore blobs)
{
    /// <summary>A page redraws a section for each message: more often than this only costs.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly PageView _view = new(parts);
    private readonly PageThumbnails _thumbnails = new(parts, blobs);
    private readonly LiveUpdates _live = new(parts);

    public void Map(IEndpointRouteBuilder all)
    {
        var routes = all.MapGroup("").WithMetadata(UnrecordedMetadata.Instance);
        routes.MapGet("/", context => HtmlAsync(context, _view.Page(new Uri($"{context.Request.Scheme}://{context.Request.Host}/"))));
        routes.MapGet("/emulator/sections/{section}", SectionAsync);
        routes.MapGet("/emulator/thumbnails/{job}/{index}", context => SafeAsync(context, _thumbnails.WriteAsync));
        routes.MapGet("/emulator/live", LiveAsync);
        routes.MapGet("/emulator/page.css", context => ResourceAsync(context, "page.css", "text/css; charset=utf-8"));
        routes.MapGet("/emulator/page.js", context => ResourceAsync(context, "page.js", "text/javascript; charset=utf-8"));
        routes.MapPost("/emulator/page/faults", context => ChangeAsync(context, AddFault));
        routes.MapPost("/emulator/page/revoke", context => ChangeAsync(context, _ => parts.Faults.RevokeTokens()));
        routes.MapPost("/emulator/page/clear", context => ChangeAsync(context, _ => parts.Faults.Clear()));
    }

    private static Task HtmlAsync(HttpContext context, string html) =>
        SafeAsync(context, _ => context.WriteTextAsync(StatusCodes.Status200OK, html, "text/html; charset=utf-8"));

    /// <summary>Whatever stands in a job, the page runs no script but its own and loads nothing from elsewhere.</summary>
    private static Task SafeAsync(HttpContext context, Func<HttpContext, Task> answer)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        return answer(context);
    }

    private Task SectionAsync(HttpContext context)
    {
        var section = (string)context.Request.RouteValues["section"]!;
        if (PageView.Sections.Contains(section, StringComparer.Ordinal))
        {
            return HtmlAsync(context, _view.Section(section));
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task LiveAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await context.Response.WriteAsync("retry: 1000\n\n", context.RequestAborted);
            await foreach (var sections in _live.ListenAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($"data: {sections}\n\n", context.RequestAborted);

                // A browser lives in real time, whatever clock the emulator was given.
                await Task.Delay(Pause, TimeProvider.System, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the emulator stops.
        }
    }

    private static async Task ResourceAsync(HttpContext context, string name, string contentType)
    {
        await using var resource = typeof(PageEndpoints).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        await context.WriteTextAsync(StatusCodes.Status200OK, await reader.ReadToEndAsync(context.RequestAborted), contentType);
    }

    private static async Task ChangeAsync(HttpContext context, Action<IFormCollection> change)
    {
        if (!await OwnOrigin.CheckAsync(context))
        {
            return;
        }

        change(context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/#faults";
    }

    private void AddFault(IFormCollection form)
    {
        var kind = FaultsView.Kinds.FirstOrDefault(kind => kind.Key == form["kind"].ToString());
        if (kind.Fault is not null
            && Enum.TryParse<EmulatorOperation>(form["operation"].ToString(), out var operation) && FaultsView.Operations.Contains(operation)
            && int.TryParse(form["calls"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var calls) && calls is >= 1 and <= 1000)
        {
            parts.Faults.Next(operation, kind.Fault, calls);
        }
    }
}
