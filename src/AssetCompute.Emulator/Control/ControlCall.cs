using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>Calls that read or change the emulator itself. They are not recorded, and most are answered with a JSON object.</summary>
internal static class ControlCall
{
    public static RouteGroupBuilder MapControls(this IEndpointRouteBuilder routes, string root) => routes.MapGroup(root).WithMetadata(OperationMetadata.Unrecorded, ErrorForm.Member("error"));

    public static IEndpointConventionBuilder Map(this RouteGroupBuilder routes, string method, string pattern, Func<HttpContext, Task<JsonObject>> answer) =>
        routes.MapMethods(pattern, [method], async context => await context.WriteJsonAsync(StatusCodes.Status200OK, await answer(context).ConfigureAwait(false)).ConfigureAwait(false));

    public static IEndpointConventionBuilder Map(this RouteGroupBuilder routes, string method, string pattern, Func<HttpContext, JsonObject> answer) =>
        routes.Map(method, pattern, context => Task.FromResult(answer(context)));

    /// <summary>Maps a call with a JSON object as its body.</summary>
    public static IEndpointConventionBuilder Map(this RouteGroupBuilder routes, string method, string pattern, Func<HttpContext, JsonObject, Task<JsonObject>> answer) =>
        routes.Map(method, pattern, async context => await answer(context, await context.Request.ReadObjectAsync().ConfigureAwait(false)).ConfigureAwait(false));

    public static IEndpointConventionBuilder Map(this RouteGroupBuilder routes, string method, string pattern, Func<HttpContext, JsonObject, JsonObject> answer) =>
        routes.Map(method, pattern, (context, body) => Task.FromResult(answer(context, body)));

    public static IEndpointConventionBuilder Map(this RouteGroupBuilder routes, string method, string pattern, Action change) => routes.Map(method, pattern, _ =>
    {
        change();
        return new JsonObject();
    });

    /// <summary>Returns a member that must be a list of at least one text.</summary>
    /// <exception cref="FormatException">The member is missing or something else.</exception>
    public static List<string> Texts(this JsonObject body, string name) => body[name] is JsonArray { Count: > 0 } texts && texts.All(text => text.StringOf() is not null)
        ? [.. texts.Select(text => text.StringOf()!)]
        : throw new FormatException($"'{name}' must be a list of at least one string.");
}
