using Polly;
using Polly.Retry;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>
/// Tries again what has failed once. The first attempt is made outside, and its outcome handed in: most calls need no other, and the engine of the retries
/// costs them nothing, neither for each call nor at the start of the program.
/// </summary>
internal sealed class RetryPipeline
{
    private static readonly ResiliencePropertyKey<HttpOperation> Key = new("AssetCompute.Operation");

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public RetryPipeline(RetryRules rules, ResilienceTelemetry telemetry, TimeProvider timeProvider) =>
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = rules.MaxRetryAttempts,
                ShouldHandle = args => new ValueTask<bool>(rules.ShouldRetry(OperationOf(args.Context), args.Outcome.Result, args.Outcome.Exception)),
                DelayGenerator = args => new ValueTask<TimeSpan?>(rules.DelayOf(OperationOf(args.Context), args.Outcome.Result, args.AttemptNumber)),
                OnRetry = args =>
                {
                    telemetry.Retrying(OperationOf(args.Context), args.Outcome.Result, args.Outcome.Exception, args.RetryDelay);
                    return default;
                },
            })
            .Build();

    /// <summary>Makes further attempts until one is good, or none is left.</summary>
    /// <param name="operation">What is tried.</param>
    /// <param name="response">The answer to the first attempt; null where it had none.</param>
    /// <param name="failure">Why it had none.</param>
    /// <param name="attempt">Makes a further one.</param>
    /// <param name="cancellationToken">Ends attempts and waits.</param>
    public async Task<HttpResponseMessage> ContinueAsync(
        HttpOperation operation,
        HttpResponseMessage? response,
        Exception? failure,
        Func<CancellationToken, Task<HttpResponseMessage>> attempt,
        CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(Key, operation);
            Attempts attempts = new(failure is null ? Outcome.FromResult(response!) : Outcome.FromException<HttpResponseMessage>(failure), attempt);
            Outcome<HttpResponseMessage> outcome = await _pipeline.ExecuteOutcomeAsync(
                static (context, attempts) => attempts.NextAsync(context.CancellationToken),
                context,
                attempts).ConfigureAwait(false);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static HttpOperation OperationOf(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>The outcome at hand, then those of further attempts.</summary>
    private sealed class Attempts(Outcome<HttpResponseMessage> first, Func<CancellationToken, Task<HttpResponseMessage>> attempt)
    {
        private bool _hasBegun;

        public async ValueTask<Outcome<HttpResponseMessage>> NextAsync(CancellationToken cancellationToken)
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                return first;
            }

            try
            {
                return Outcome.FromResult(await attempt(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception exception)
            {
                return Outcome.FromException<HttpResponseMessage>(exception);
            }
        }
    }
}
