using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>A call that changes the emulator itself: what is wrong with it is answered 400.</summary>
internal static class ControlCall
{
    public static async Task AnswerAsync(HttpContext context, Func<HttpContext, Task<JsonObject>> change)
    {
        JsonObject answer;
        try
        {
            answer = await change(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or JsonException or InvalidOperationException)
        {
            await context.WriteJsonAsync(StatusCodes.Status400BadRequest, new JsonObject { ["error"] = exception.Message }).ConfigureAwait(false);
            return;
        }

        await context.WriteJsonAsync(StatusCodes.Status200OK, answer).ConfigureAwait(false);
    }
}
