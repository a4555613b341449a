using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>Reads the parts of a request that several endpoints need.</summary>
internal static class HttpRequests
{
    private const string Bearer = "Bearer ";

    /// <summary>The base URL that the caller used.</summary>
    public static Uri Origin(this HttpRequest request) => new($"{request.Scheme}://{request.Host}/");

    /// <summary>The value of a route parameter; empty if the route has none.</summary>
    public static string Route(this HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";

    public static string? BearerToken(this HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && authorization.Length > Bearer.Length ? authorization[Bearer.Length..].Trim() : null;
    }

    public static async Task<byte[]> ReadBytesAsync(this HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return body.ToArray();
    }

    /// <summary>Reads a body that is a JSON object. No body is an empty object.</summary>
    /// <exception cref="FormatException">The body is other JSON.</exception>
    public static async Task<JsonObject> ReadObjectAsync(this HttpRequest request)
    {
        var body = await request.ReadBytesAsync().ConfigureAwait(false);
        return body.Length == 0 ? [] : JsonText.Read(body) as JsonObject ?? throw new FormatException("The body must be a JSON object.");
    }
}
