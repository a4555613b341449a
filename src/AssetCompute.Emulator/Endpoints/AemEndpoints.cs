using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Net.Http.Headers;

namespace AssetCompute.Emulator;

/// <summary>The author over HTTP: originals and renditions, nodes as JSON, queries, uploads, and the part of the Assets HTTP API that lists folders.</summary>
internal sealed class AemEndpoints(AccessTokens tokens, AemRepository repository, AemRenditions renditions, AemUploads uploads)
{
    private const string OriginalSuffix = "/renditions/original";
    private const string InitiateSuffix = ".initiateUpload.json";
    private const string CompleteSuffix = ".completeUpload.json";
    private const string RenditionsPart = "/renditions/";

    private static readonly string[] ContentSuffixes = ["/jcr:content" + OriginalSuffix, "/_jcr_content" + OriginalSuffix];

    private readonly AemListing _listing = new(repository);

    public void Map(IEndpointRouteBuilder routes)
    {
        MapRead(routes, AemPath.Root + "/{**path}", EmulatorOperation.AemRead, context => OriginalAsync(context, AemPath.Root + "/" + Without(PathOf(context), ContentSuffixes)));
        MapRead(routes, AemPath.Root + "/{**path}", EmulatorOperation.AemMetadata, NodeAsync, ".json");
        MapRead(routes, AemPath.Root + ".{selector}", EmulatorOperation.AemMetadata, NodeAsync);
        MapRead(routes, "/bin/querybuilder.json", EmulatorOperation.AemList, context => context.WriteJsonAsync(StatusCodes.Status200OK, AemQuery.Run(repository, context.Request.Query)));
        MapRead(routes, "/libs/granite/csrf/token.json", EmulatorOperation.TokenStatus, context => context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject { ["token"] = Guid.NewGuid().ToString("N") }));
        MapWrite(routes, AemPath.Root + "/{**path}", context => uploads.InitiateAsync(context, FolderOf(context, InitiateSuffix)), InitiateSuffix);
        MapWrite(routes, AemPath.Root + "/{**path}", context => uploads.CompleteAsync(context, FolderOf(context, CompleteSuffix)), CompleteSuffix);
        MapWrite(routes, AemPath.Root + InitiateSuffix, context => uploads.InitiateAsync(context, AemPath.Root));
        MapWrite(routes, AemPath.Root + CompleteSuffix, context => uploads.CompleteAsync(context, AemPath.Root));
        MapWrite(routes, "/api/assets/{**path}", context => uploads.CreateFolderAsync(context, FolderOf(context, "")));
        MapRead(routes, "/api/assets.json", EmulatorOperation.AemList, context => _listing.WriteAsync(context, ""));
        MapRead(routes, "/api/assets/{**path}", EmulatorOperation.AemList, context => PathOf(context).Contains(RenditionsPart, StringComparison.Ordinal)
            ? RenditionAsync(context, $"{AemPath.Root}/{PathOf(context)}")
            : _listing.WriteAsync(context, PathOf(context)));
        MapRead(routes, "/api/assets/{**path}", EmulatorOperation.AemRead, context => OriginalAsync(context, AemPath.Root + "/" + Without(PathOf(context), [OriginalSuffix])), OriginalSuffix);
    }

    private static string PathOf(HttpContext context) => context.Route("path");

    private static string Without(string path, string[] suffixes) =>
        suffixes.FirstOrDefault(suffix => path.EndsWith(suffix, StringComparison.Ordinal)) is { } found ? path[..^found.Length] : path;

    private static string FolderOf(HttpContext context, string suffix) => $"{AemPath.Root}/{PathOf(context)[..^suffix.Length]}";

    private void MapRead(IEndpointRouteBuilder routes, string pattern, EmulatorOperation operation, RequestDelegate answer, params string[] suffixes) =>
        Map(routes, pattern, operation, answer, suffixes, "GET", "HEAD");

    private void MapWrite(IEndpointRouteBuilder routes, string pattern, RequestDelegate answer, params string[] suffixes) =>
        Map(routes, pattern, EmulatorOperation.AemWrite, answer, suffixes, "POST");

    private void Map(IEndpointRouteBuilder routes, string pattern, EmulatorOperation operation, RequestDelegate answer, string[] suffixes, params string[] methods)
    {
        var policies = suffixes.Length > 0 ? new RouteValueDictionary { ["path"] = new PathSuffix(suffixes) } : null;
        routes.Map(RoutePatternFactory.Parse(pattern, defaults: null, parameterPolicies: policies), context => AdmitAsync(context, answer))
            .WithMetadata(new OperationMetadata(operation), new HttpMethodMetadata(methods), ErrorForm.Text);
    }

    private async Task AdmitAsync(HttpContext context, RequestDelegate answer)
    {
        if (context.Request.BearerToken() is not { } token || tokens.Verify(token) is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await context.WriteTextAsync(StatusCodes.Status401Unauthorized, "The access token is missing or not valid.").ConfigureAwait(false);
            return;
        }

        await answer(context).ConfigureAwait(false);
    }

    private async Task OriginalAsync(HttpContext context, string path)
    {
        // A new version may replace the asset between the lookup and the opening. If the original is missing and was not replaced, it is really missing.
        AemAsset? missing = null;
        for (var asset = repository.Find(path); asset is not null && !ReferenceEquals(asset, missing); asset = repository.Find(path))
        {
            missing = asset;
            if (asset.Open() is { } content)
            {
                var tag = new EntityTagHeaderValue($"\"{asset.Sha1}\"");
                await context.WriteFileAsync(TypedResults.Stream(content, asset.ContentType, lastModified: asset.ModifiedAt, entityTag: tag, enableRangeProcessing: true)).ConfigureAwait(false);
                return;
            }
        }

        await RenditionAsync(context, path).ConfigureAwait(false);
    }

    private async Task RenditionAsync(HttpContext context, string path)
    {
        var end = path.LastIndexOf(RenditionsPart, StringComparison.Ordinal);
        var content = Math.Max(path.LastIndexOf("/jcr:content/", StringComparison.Ordinal), path.LastIndexOf("/_jcr_content/", StringComparison.Ordinal));
        var asset = end > 0 ? repository.Find(path[..(content > 0 ? content : end)]) : null;
        var (bytes, mediaType) = (asset is null ? null : await renditions.MakeAsync(asset, path[(end + RenditionsPart.Length)..], context.RequestAborted).ConfigureAwait(false)) ?? throw NotFound();
        await context.WriteBytesAsync(StatusCodes.Status200OK, mediaType, bytes).ConfigureAwait(false);
    }

    /// <summary>Returns a node as JSON, unless an asset has exactly this name.</summary>
    private Task NodeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        return repository.Find(path) is not null ? OriginalAsync(context, path)
            : AemNodes.Find(repository, path) is { } node ? context.WriteBytesAsync(StatusCodes.Status200OK, MediaTypeNames.Application.Json, JsonText.ToBytes(node))
            : throw NotFound();
    }

    internal static Refusal NotFound() => new(StatusCodes.Status404NotFound, "There is no such asset.");

    /// <summary>Distinguishes paths by their suffix. A route pattern cannot do so after a catch-all segment.</summary>
    private sealed class PathSuffix(string[] suffixes) : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            values[routeKey] is string path && suffixes.Any(suffix => path.EndsWith(suffix, StringComparison.Ordinal));
    }
}
