using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>Converts the exceptions of endpoints to responses in their format: refusals, malformed calls, and unexpected errors such as a full disk.</summary>
internal static class ErrorAnswers
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The caller has disconnected, so there is no response to send or log.
            if (context.Features.Get<EmulatorCall>() is { } call)
            {
                call.IsReset = true;
            }
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var form = context.GetEndpoint()?.Metadata.GetMetadata<ErrorForm>();
            context.Response.Clear();
            await (form ?? ErrorForm.Service).WriteAsync(context, StatusOf(exception, form), exception.Message).ConfigureAwait(false);
        }
    }

    private static int StatusOf(Exception exception, ErrorForm? form) => exception switch
    {
        Refusal refusal => refusal.Status,
        BadHttpRequestException malformed => malformed.StatusCode,
        BlobTooLargeException => StatusCodes.Status413PayloadTooLarge,
        FormatException or JsonException or ArgumentException or OverflowException or InvalidOperationException or InvalidDataException when form is not null => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };
}
