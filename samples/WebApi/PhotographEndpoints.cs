using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace WebApi;

/// <summary>
/// The API: upload a photograph, read its progress as server-sent events, and download its renditions. The body of the upload is the photograph itself and not
/// a form. It is streamed to disk, and another site cannot post one from a visitor's browser.
/// </summary>
internal static class PhotographEndpoints
{
    private const long MaxBytes = 64 << 20;

    public static void MapPhotographs(this WebApplication app)
    {
        RouteGroupBuilder photographs = app.MapGroup("/photographs");
        photographs.MapPost("/", UploadAsync);
        photographs.MapGet("/{id}/events", Events);
        photographs.MapGet("/{id}/{file}", Download);
    }

    private static async Task<Results<Accepted<PhotographAccepted>, ProblemHttpResult>> UploadAsync(string name, HttpContext context, PhotographJobs jobs, CancellationToken cancellationToken)
    {
        if (context.Request.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) is not true)
        {
            return TypedResults.Problem("Post a photograph: its content type begins with 'image/'.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = MaxBytes; // null on a test server
        PhotographJob job = await jobs.AddAsync(name, context.Request.Body, cancellationToken);
        return TypedResults.Accepted($"/photographs/{job.Id}/events", new PhotographAccepted(job.Id));
    }

    private static Results<ServerSentEventsResult<PhotographEvent>, NotFound> Events(string id, PhotographJobs jobs, CancellationToken cancellationToken) =>
        jobs.Find(id) is { } job ? TypedResults.ServerSentEvents(job.ReadAsync(cancellationToken)) : TypedResults.NotFound();

    private static Results<PhysicalFileHttpResult, NotFound> Download(string id, string file, PhotographJobs jobs) =>
        jobs.Find(id)?.FileOf(file) is { } path && File.Exists(path) ? TypedResults.PhysicalFile(path, PhotographJob.MimeTypeOf(file)) : TypedResults.NotFound();
}
