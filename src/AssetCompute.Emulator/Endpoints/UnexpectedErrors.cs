using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>Answers what nobody foresaw, such as a full disk, with a 500 in the service's form.</summary>
internal static class UnexpectedErrors
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer, and no answer to log.
            if (context.Features.Get<EmulatorCall>() is { } call)
            {
                call.IsReset = true;
            }
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await context.WriteJsonAsync(
                exception is BadHttpRequestException malformed ? malformed.StatusCode : StatusCodes.Status500InternalServerError,
                new JsonObject
                {
                    ["ok"] = false,
                    ["requestId"] = RequestIdentity.Of(context),
                    ["message"] = exception.Message,
                }).ConfigureAwait(false);
        }
    }
}
