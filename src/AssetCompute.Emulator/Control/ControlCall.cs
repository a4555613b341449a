using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>Calls that read or change the emulator itself.</summary>
internal static class ControlCall
{
    public static RouteGroupBuilder MapControls(this IEndpointRouteBuilder routes) => routes.MapGroup("").WithMetadata(UnrecordedMetadata.Instance, ErrorForm.Member("error"));

    public static async Task AnswerAsync(HttpContext context, Func<HttpContext, Task<JsonObject>> change) =>
        await context.WriteJsonAsync(StatusCodes.Status200OK, await change(context).ConfigureAwait(false)).ConfigureAwait(false);
}
