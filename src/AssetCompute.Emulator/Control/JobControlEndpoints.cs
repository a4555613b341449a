using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The job functions of the page for other languages and scripts: find, clear, run and abort jobs, and get the files that were kept.</summary>
internal sealed class JobControlEndpoints(EmulatorParts parts, PageRuns runs)
{
    public void Map(IEndpointRouteBuilder all)
    {
        var routes = all.MapControls("/emulator");
        routes.Map("GET", "/jobs", context => Find(context.Request.Query));
        routes.Map("DELETE", "/jobs", parts.Jobs.History.Clear);
        routes.Map("GET", "/jobs/{job}", context => ToJson(JobOf(context)));
        routes.Map("POST", "/jobs/{job}/abort", async context => new JsonObject { ["aborted"] = await parts.Jobs.AbortAsync(JobOf(context)).ConfigureAwait(false) });
        routes.MapGet("/jobs/{job}/curl", context => context.WriteTextAsync(StatusCodes.Status200OK, JobPrograms.Curl(JobOf(context), context.Request.Origin(), parts)));
        routes.MapGet("/jobs/{job}/csharp", context => context.WriteTextAsync(StatusCodes.Status200OK, JobPrograms.CSharp(JobOf(context), context.Request.Origin(), parts)));
        routes.Map("POST", "/sources", UploadAsync).WithMetadata(new BodyLimit(parts.Options.MaxBlobBytes));
        routes.Map("POST", "/run", RunAsync);
        routes.Map("POST", "/run/check", CheckAsync);
        routes.MapMethods("/files/{job}/{part}", ["GET", "HEAD"], FileAsync);
        routes.Map("GET", "/files/{job}/{part}/metadata", MetadataAsync);
    }

    private async Task<JsonObject> UploadAsync(HttpContext context)
    {
        var name = Path.GetFileName(context.Request.Query["name"].ToString()) is { Length: > 0 } given ? given : "source";
        return new() { ["source"] = await runs.UploadAsync(name, context.Request.ContentType, context.Request.Body, context.RequestAborted).ConfigureAwait(false) };
    }

    private async Task<JsonObject> RunAsync(HttpContext context, JsonObject request)
    {
        var job = await runs.RunAsync(request, context.RequestAborted).ConfigureAwait(false);
        return new() { ["job"] = job.Id.ToString("N"), ["requestId"] = job.RequestId };
    }

    private async Task<JsonObject> CheckAsync(HttpContext context)
    {
        var problems = runs.Check(await context.Request.ReadBytesAsync().ConfigureAwait(false));
        return new() { ["problems"] = new JsonArray([.. problems.Select(problem => new JsonObject { ["path"] = problem.Path, ["line"] = problem.Line, ["message"] = problem.Message })]) };
    }

    private async Task FileAsync(HttpContext context)
    {
        var (id, part, isPicture) = (context.Route("job"), context.Route("part"), context.Request.Query.ContainsKey("picture"));
        var file = id == PageRuns.Photograph && part == KeptFiles.Source ? runs.Open(id)?.File
            : !Guid.TryParseExact(id, "N", out var owner) || part.Contains('.', StringComparison.Ordinal) ? null
            : isPicture ? await parts.Kept.OpenPictureAsync(owner, part, context.RequestAborted).ConfigureAwait(false)
            : parts.Kept.Open(owner, part);
        context.Response.Headers.CacheControl = "no-cache";
        if (file is not null)
        {
            await context.WriteFileAsync(TypedResults.Stream(file.Content, file.ContentType, context.Request.Query["download"])).ConfigureAwait(false);
            return;
        }

        // A preview that cannot be made is not an error. The row of the job then has no preview.
        context.Response.StatusCode = isPicture ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
    }

    private async Task<JsonObject> MetadataAsync(HttpContext context)
    {
        var entries = Guid.TryParseExact(context.Route("job"), "N", out var owner)
            ? await parts.Kept.ReadMetadataAsync(owner, context.Route("part"), context.RequestAborted).ConfigureAwait(false)
            : null;
        return new() { ["metadata"] = entries is null ? null : new JsonArray([.. entries.Select(entry => new JsonObject { ["name"] = entry.Name, ["value"] = entry.Value })]) };
    }

    private Job JobOf(HttpContext context) => parts.Jobs.History.Find(context.Route("job")) ?? throw new Refusal(StatusCodes.Status404NotFound, "There is no such job.");

    private JsonObject Find(IQueryCollection query)
    {
        var (state, text) = (query["state"].ToString(), query["q"].ToString());
        var jobs = parts.Jobs.History.Newest.Where(job => job.Mentions(text) && (state.Length == 0 || job.State == state));
        return new JsonObject { ["jobs"] = new JsonArray([.. jobs.Select(ToJson)]), ["forgotten"] = parts.Jobs.History.Forgotten };
    }

    private static JsonObject ToJson(Job job) => new()
    {
        ["id"] = job.Id.ToString("N"),
        ["requestId"] = job.RequestId,
        ["clientId"] = job.ClientId,
        ["source"] = job.SourceName,
        ["acceptedAt"] = job.AcceptedAt,
        ["state"] = job.State,
        ["renditions"] = new JsonArray([.. job.Renditions.Select(ToJson)]),
    };

    private static JsonObject ToJson(RenditionTask rendition) => new()
    {
        ["name"] = rendition.Name,
        ["state"] = rendition.State.ToString().ToLowerInvariant(),
        ["mediaType"] = rendition.Outcome?.MediaType,
        ["size"] = rendition.Outcome?.Size,
        ["width"] = rendition.Outcome?.Width,
        ["height"] = rendition.Outcome?.Height,
        ["sha1"] = rendition.Outcome?.Sha1,
        ["reason"] = rendition.Outcome?.Reason,
        ["message"] = rendition.Outcome?.Message ?? rendition.Problem,
        ["cause"] = rendition.Problem,
    };
}
