using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AssetCompute.Emulator;

/// <summary>Injects planned faults into calls, and delays every response by the configured latency.</summary>
internal sealed class FaultInjection(EmulatorFaults faults, EmulatorCalls calls, AssetComputeEmulatorOptions options)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OperationMetadata>()?.Operation is not { } operation)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        await WaitAsync(options.Latency, context.RequestAborted).ConfigureAwait(false);
        var fault = faults.Take(operation, context.Request.Path.Value ?? "", out var place);
        void Release() => Interlocked.Exchange(ref place, null)?.Release();
        if (place is not null)
        {
            // Set before the response is sent, because a caller that has it may send the next call immediately.
            context.Response.OnStarting(() =>
            {
                Release();
                return Task.CompletedTask;
            });
        }

        try
        {
            await (fault is null ? next(context) : FailAsync(context, fault, next)).ConfigureAwait(false);
        }
        finally
        {
            Release();
        }
    }

    private async Task FailAsync(HttpContext context, EmulatorFault fault, RequestDelegate next)
    {
        var call = context.Features.GetRequiredFeature<EmulatorCall>();
        calls.Failing(call, fault.Title);
        await WaitAsync(fault.Delay, context.RequestAborted).ConfigureAwait(false);
        await (fault.Connection switch
        {
            EmulatorFaultConnection.ResetBeforeHeaders => ResetAsync(context, call),
            EmulatorFaultConnection.CloseAfterHeaders => CutAsync(context, call, fault, next, keepHalf: false),
            EmulatorFaultConnection.TruncateBody => CutAsync(context, call, fault, next, keepHalf: true),
            _ => AnswerAsync(context, fault, next),
        }).ConfigureAwait(false);
    }

    private static Task ResetAsync(HttpContext context, EmulatorCall call)
    {
        call.IsReset = true;
        context.Abort();
        return Task.CompletedTask;
    }

    private async Task AnswerAsync(HttpContext context, EmulatorFault fault, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            SetHeaders(context.Response, fault);
            return Task.CompletedTask;
        });
        if (fault.Status is not { } status)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        // A response before the whole request was read would reset the connection of some clients. The fault is the status, not a reset.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted).ConfigureAwait(false);
        if (fault.Body is { Length: > 0 } body)
        {
            var looksLikeJson = body.TrimStart() is ['{' or '[', ..];
            await context.WriteTextAsync(status, body, fault.ContentType ?? (looksLikeJson ? "application/json" : "text/plain; charset=utf-8")).ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentLength = status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified ? null : 0;
    }

    /// <summary>Lets the call take effect, then sends the headers of its response and at most half of its body.</summary>
    private async Task CutAsync(HttpContext context, EmulatorCall call, EmulatorFault fault, RequestDelegate next, bool keepHalf)
    {
        var whole = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var cut = new CutBody(context.Response, whole, keepHalf);
        var body = new StreamResponseBodyFeature(cut);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await AnswerAsync(context, fault with { Connection = EmulatorFaultConnection.Keep }, next).ConfigureAwait(false);
            await body.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            context.Features.Set(whole);
        }

        if (!cut.IsCut)
        {
            // Without a body, the only thing to cut off is the response itself.
            await ResetAsync(context, call).ConfigureAwait(false);
        }
    }

    private void SetHeaders(HttpResponse response, EmulatorFault fault)
    {
        if (fault.RetryAfter is { } retryAfter)
        {
            var seconds = Math.Ceiling(retryAfter.TotalSeconds);
            response.Headers.RetryAfter = fault.RetryAfterAsDate
                ? options.TimeProvider.GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture)
                : seconds.ToString("0", CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in fault.Headers ?? new Dictionary<string, string>())
        {
            response.Headers[name] = value;
        }
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, options.TimeProvider, cancellationToken) : Task.CompletedTask;
}
