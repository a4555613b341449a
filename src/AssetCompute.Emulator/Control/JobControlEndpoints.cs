using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The job functions of the page for other languages and scripts: find, clear, run and abort jobs, and get the files that were kept.</summary>
internal sealed class JobControlEndpoints(EmulatorParts parts, PageRuns runs)
{
    private const string Root = "/emulator";

    public void Map(IEndpointRouteBuilder all)
    {
        var routes = all.MapControls();
        routes.MapGet(Root + "/jobs", context => context.WriteJsonAsync(StatusCodes.Status200OK, Find(context.Request.Query)));
        routes.MapDelete(Root + "/jobs", Change(_ =>
        {
            parts.Jobs.History.Clear();
            return Task.FromResult(new JsonObject());
        }));
        routes.MapGet(Root + "/jobs/{job}", context => AnswerAsync(context, job => context.WriteJsonAsync(StatusCodes.Status200OK, ToJson(job))));
        routes.MapPost(Root + "/jobs/{job}/abort", Change(async context =>
            new JsonObject { ["aborted"] = await parts.Jobs.AbortAsync(JobOf(context) ?? throw new FormatException("There is no such job.")).ConfigureAwait(false) }));
        routes.MapGet(Root + "/jobs/{job}/curl", context => AnswerAsync(context, job => context.WriteTextAsync(StatusCodes.Status200OK, JobPrograms.Curl(job, EndpointOf(context), parts))));
        routes.MapGet(Root + "/jobs/{job}/csharp", context => AnswerAsync(context, job => context.WriteTextAsync(StatusCodes.Status200OK, JobPrograms.CSharp(job, EndpointOf(context), parts))));
        routes.MapPost(Root + "/sources", Change(UploadAsync)).WithMetadata(new BodyLimit(parts.Options.MaxBlobBytes));
        routes.MapPost(Root + "/run", Change(RunAsync));
        routes.MapPost(Root + "/run/check", Change(CheckAsync));
        routes.MapMethods(Root + "/files/{job}/{part}", ["GET", "HEAD"], FileAsync);
        routes.MapGet(Root + "/files/{job}/{part}/metadata", MetadataAsync);
    }

    private static RequestDelegate Change(Func<HttpContext, Task<JsonObject>> change) => context => ControlCall.AnswerAsync(context, change);

    private static Uri EndpointOf(HttpContext context) => new($"{context.Request.Scheme}://{context.Request.Host}/");

    private async Task<JsonObject> UploadAsync(HttpContext context)
    {
        var name = Path.GetFileName(context.Request.Query["name"].ToString()) is { Length: > 0 } given ? given : "source";
        return new() { ["source"] = await runs.UploadAsync(name, context.Request.ContentType, context.Request.Body, context.RequestAborted).ConfigureAwait(false) };
    }

    private async Task<JsonObject> RunAsync(HttpContext context)
    {
        var request = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false) as JsonObject ?? throw new FormatException("The body must be a JSON object.");
        var job = await runs.RunAsync(request, context.RequestAborted).ConfigureAwait(false);
        return new() { ["job"] = job.Id.ToString("N"), ["requestId"] = job.RequestId };
    }

    private async Task<JsonObject> CheckAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var problems = await runs.CheckAsync(await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false), context.RequestAborted).ConfigureAwait(false);
        return new()
        {
            ["problems"] = new JsonArray([.. problems.Select(problem => new JsonObject { ["path"] = problem.Path, ["line"] = problem.Line, ["message"] = problem.Message })]),
        };
    }

    /// <summary>Returns a file. It may be a page with scripts, which must not run with the emulator's origin when a browser opens it.</summary>
    private async Task FileAsync(HttpContext context)
    {
        var part = (string)context.Request.RouteValues["part"]!;
        var isPicture = context.Request.Query.ContainsKey("picture");
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; img-src 'self' data:";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-cache";
        if (await OpenAsync((string)context.Request.RouteValues["job"]!, part, isPicture, context.RequestAborted).ConfigureAwait(false) is not var (contentType, content))
        {
            // A preview that cannot be made is not an error. The row of the job then has no preview.
            context.Response.StatusCode = isPicture ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
            return;
        }

        using (content)
        {
            if (context.Request.Query.ContainsKey("download"))
            {
                context.Response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(context.Request.Query["download"].ToString())}";
            }

            context.Response.ContentType = contentType;
            context.Response.ContentLength = content.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await content.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
            }
        }
    }

    private async Task<(string ContentType, Stream Content)?> OpenAsync(string id, string part, bool isPicture, CancellationToken cancellationToken)
    {
        if (id == PageRuns.Photograph && part == KeptFiles.Source)
        {
            return runs.Open(id) is { } photograph ? (photograph.ContentType, photograph.Content) : null;
        }

        if (!Guid.TryParseExact(id, "N", out var owner) || part.Contains('.', StringComparison.Ordinal))
        {
            return null;
        }

        var file = isPicture ? await parts.Kept.OpenPictureAsync(owner, part, cancellationToken).ConfigureAwait(false) : parts.Kept.Open(owner, part);
        return file is null ? null : (file.ContentType, file.Content);
    }

    private async Task MetadataAsync(HttpContext context)
    {
        var entries = Guid.TryParseExact((string)context.Request.RouteValues["job"]!, "N", out var owner)
            ? await parts.Kept.ReadMetadataAsync(owner, (string)context.Request.RouteValues["part"]!, context.RequestAborted).ConfigureAwait(false)
            : null;
        await context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject
        {
            ["metadata"] = entries is null ? null : new JsonArray([.. entries.Select(entry => new JsonObject { ["name"] = entry.Name, ["value"] = entry.Value })]),
        }).ConfigureAwait(false);
    }

    private Job? JobOf(HttpContext context) => parts.Jobs.History.Find((string)context.Request.RouteValues["job"]!);

    private Task AnswerAsync(HttpContext context, Func<Job, Task> answer) => JobOf(context) is { } job
        ? answer(job)
        : context.WriteJsonAsync(StatusCodes.Status404NotFound, new JsonObject { ["error"] = "There is no such job." });

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
    };
}
