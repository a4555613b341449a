using System.Net;
using Polly.Timeout;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Which failures are tried again, and after how long.</summary>
internal sealed class RetryRules(AssetComputeRetryOptions options, bool gateWaits)
{
    private readonly Random _random = new();

    /// <summary>How many further attempts there may be: one or more.</summary>
    public int MaxRetryAttempts => options.MaxRetryAttempts;

    /// <summary>Whether an outcome is to be tried again. It may be asked more than once.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="response">The answer; null where none came.</param>
    /// <param name="exception">Why none came.</param>
    public bool ShouldRetry(HttpOperation operation, HttpResponseMessage? response, Exception? exception)
    {
        Failure failure = response is null ? Classify(exception!) : Classify(response);
        if (failure is Failure.Unclear)
        {
            operation.MayHaveBeenDone = true;
        }

        bool allowed = failure switch
        {
            Failure.Refused or Failure.NotSent => true,
            Failure.Unclear => operation.Kind is not OperationKind.Process || options.RetryProcessOnServerError,
            _ => false,
        };
        return allowed && !(response is not null && RetryAfter.Of(response, operation.TimeProvider) > options.MaxRetryAfter);
    }

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="response">The answer of the attempt; null where none came.</param>
    /// <param name="retry">How many further attempts there have been, from 0.</param>
    public TimeSpan DelayOf(HttpOperation operation, HttpResponseMessage? response, int retry)
    {
        bool isRefused = response is { StatusCode: (HttpStatusCode)429 };
        if (isRefused && gateWaits)
        {
            // The refusal has closed the gate for everybody, and this call waits there in its turn.
            return TimeSpan.Zero;
        }

        double backoff = Math.Min(options.Delay.TotalSeconds * Math.Pow(2, Math.Min(retry, 30)), options.MaxDelay.TotalSeconds);
        double asked = response is not null && RetryAfter.Of(response, operation.TimeProvider) is { } wait ? wait.TotalSeconds : 0;
        if (!options.UseJitter)
        {
            return TimeSpan.FromSeconds(Math.Max(backoff, asked));
        }

        // What the service asks for is the least; chance comes on top of it, and takes from the backoff.
        double chance = NextDouble();
        return TimeSpan.FromSeconds(Math.Max(backoff * (0.5 + (chance / 2)), asked + (Math.Min(asked, options.Delay.TotalSeconds) * chance)));
    }

    private static Failure Classify(Exception exception) => exception switch
    {
        _ when TransportFailure.IsBeforeSending(exception) => Failure.NotSent,
        // A cancellation by the caller never comes to here: the call ends with it.
        HttpRequestException or IOException or TimeoutRejectedException or OperationCanceledException => Failure.Unclear,
        _ => Failure.Final,
    };

    private static Failure Classify(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        429 => Failure.Refused,
        408 or >= 500 => Failure.Unclear,
        _ => Failure.Final,
    };

    private double NextDouble()
    {
        // One source for all callers of the client; on older frameworks it is not safe to share.
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    private enum Failure
    {
        /// <summary>Trying again would bring the same, or is not ours to do.</summary>
        Final,

        /// <summary>The service said that it did nothing.</summary>
        Refused,

        /// <summary>Nothing has reached the service.</summary>
        NotSent,

        /// <summary>The service may or may not have done what was asked.</summary>
        Unclear,
    }
}
