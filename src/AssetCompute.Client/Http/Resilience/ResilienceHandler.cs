using Polly;
using Polly.Timeout;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Runs each request through the pipeline of its HTTP client, every attempt with a message of its own.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="unmarkedKind">What requests are for that carry no operation; null to let them pass as they are.</param>
/// <param name="buffersBody">
/// Whether the body is read within the attempt, so that a body that breaks off or drips counts as the failure of the attempt that it is.
/// </param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline, OperationKind? unmarkedKind, bool buffersBody, TimeProvider timeProvider) : DelegatingHandler
{
    /// <exception cref="TimeoutException">The time of the attempt, or of all of them, is up.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpOperation? operation = HttpOperation.Of(request);
        if (operation is null)
        {
            if (unmarkedKind is not { } kind)
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }

            operation = new HttpOperation(kind, requestId: null, timeProvider);
            operation.AttachTo(request);
        }

        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            OperationContext.Set(context, operation);
            Outcome<HttpResponseMessage> outcome = await pipeline.ExecuteOutcomeAsync(
                static (context, state) => state.Handler.AttemptAsync(state.Request, context.CancellationToken),
                context,
                (Handler: this, Request: request)).ConfigureAwait(false);
            if (outcome.Exception is TimeoutRejectedException timeout)
            {
                // The engine of the pipeline is nobody's business outside of it.
                throw new TimeoutException(FormattableString.Invariant($"There was no answer within {timeout.Timeout.TotalSeconds:0.#} s."), timeout);
            }

            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(RequestCopy.Of(request), cancellationToken).ConfigureAwait(false);
            if (buffersBody)
            {
                BoundedBody body = await BoundedBody.ReadAsync(response, timeProvider, cancellationToken).ConfigureAwait(false);
                response.Content = new BufferedContent(body, response.Content);
            }

            return Outcome.FromResult(response);
        }
        catch (Exception exception)
        {
            response?.Dispose();
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }
}
