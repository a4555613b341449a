using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Net.Http.Headers;

namespace AssetCompute.Emulator;

/// <summary>The author over HTTP: originals, metadata, and the Assets HTTP API as far as a folder is walked with it.</summary>
internal sealed class AemEndpoints(AccessTokens tokens, AemRepository repository)
{
    private const string OriginalSuffix = "/renditions/original";

    private static readonly string[] MetadataSuffixes = ["/jcr:content/metadata.json", "/_jcr_content/metadata.json"];
    private static readonly string[] ContentSuffixes = ["/jcr:content" + OriginalSuffix, "/_jcr_content" + OriginalSuffix];

    private readonly AemListing _listing = new(repository);

    public void Map(IEndpointRouteBuilder routes)
    {
        MapRead(routes, AemPath.Root + "/{**path}", EmulatorOperation.AemRead, context => OriginalAsync(context, AemPath.Root + "/" + Without(PathOf(context), ContentSuffixes)));
        MapRead(routes, AemPath.Root + "/{**path}", EmulatorOperation.AemMetadata, MetadataAsync, MetadataSuffixes);
        MapRead(routes, "/api/assets.json", EmulatorOperation.AemList, context => _listing.WriteAsync(context, ""));
        MapRead(routes, "/api/assets/{**path}", EmulatorOperation.AemList, context => _listing.WriteAsync(context, PathOf(context)));
        MapRead(routes, "/api/assets/{**path}", EmulatorOperation.AemRead, context => OriginalAsync(context, AemPath.Root + "/" + Without(PathOf(context), [OriginalSuffix])), OriginalSuffix);
    }

    private static string PathOf(HttpContext context) => context.Request.RouteValues["path"] as string ?? "";

    private static string Without(string path, string[] suffixes) =>
        suffixes.FirstOrDefault(suffix => path.EndsWith(suffix, StringComparison.Ordinal)) is { } found ? path[..^found.Length] : path;

    private void MapRead(IEndpointRouteBuilder routes, string pattern, EmulatorOperation operation, RequestDelegate answer, params string[] suffixes)
    {
        var policies = suffixes.Length > 0 ? new RouteValueDictionary { ["path"] = new PathSuffix(suffixes) } : null;
        routes.Map(RoutePatternFactory.Parse(pattern, defaults: null, parameterPolicies: policies), context => AdmitAsync(context, answer))
            .WithMetadata(new OperationMetadata(operation), new HttpMethodMetadata(["GET", "HEAD"]));
    }

    private Task AdmitAsync(HttpContext context, RequestDelegate answer)
    {
        if (BearerToken.Of(context.Request) is { } token && tokens.Verify(token) is not null)
        {
            return answer(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.WriteTextAsync(StatusCodes.Status401Unauthorized, "The access token is missing or not valid.");
    }

    private async Task OriginalAsync(HttpContext context, string path)
    {
        // Between the look and the opening a new version may take the asset's place; an original that is missing without that is missing.
        AemAsset? missing = null;
        for (var asset = repository.Find(path); asset is not null && !ReferenceEquals(asset, missing); asset = repository.Find(path))
        {
            missing = asset;
            if (asset.Content.Open() is { } content)
            {
                context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
                context.Response.Headers.XContentTypeOptions = "nosniff";
                var tag = new EntityTagHeaderValue($"\"{asset.Sha1}\"");
                await TypedResults.Stream(content, asset.ContentType, lastModified: asset.ModifiedAt, entityTag: tag, enableRangeProcessing: true).ExecuteAsync(context);
                return;
            }
        }

        await NotFoundAsync(context);
    }

    private Task MetadataAsync(HttpContext context)
    {
        var path = AemPath.Root + "/" + Without(PathOf(context), MetadataSuffixes);
        return repository.Find(path) is { } asset ? context.WriteBytesAsync(StatusCodes.Status200OK, MediaTypeNames.Application.Json, JsonText.ToBytes(AemMetadata.Of(asset))) : NotFoundAsync(context);
    }

    internal static Task NotFoundAsync(HttpContext context) => context.WriteTextAsync(StatusCodes.Status404NotFound, "There is no such asset.");

    /// <summary>Tells paths apart by their ends, which a pattern cannot once it has taken a path of any depth.</summary>
    private sealed class PathSuffix(string[] suffixes) : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            values[routeKey] is string path && suffixes.Any(suffix => path.EndsWith(suffix, StringComparison.Ordinal));
    }
}
