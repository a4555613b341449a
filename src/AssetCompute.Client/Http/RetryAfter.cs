using System.Net.Http.Headers;

namespace AssetCompute.Client.Http;

/// <summary>Reads the <c>Retry-After</c> header, in seconds or as a date.</summary>
internal static class RetryAfter
{
    // A date has whole seconds only, and the clocks of two machines never quite agree: less than this says nothing.
    private static readonly TimeSpan LeastWaitForDate = TimeSpan.FromSeconds(1);

    /// <summary>How long the response asks to wait; null when it does not say, or not in a way that can be read.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider timeProvider)
    {
        RetryConditionHeaderValue? header = response.Headers.RetryAfter;
        if (header?.Delta is { } delta)
        {
            return delta;
        }

        if (header?.Date is not { } date)
        {
            return null;
        }

        TimeSpan wait = date - timeProvider.GetUtcNow();
        return wait > LeastWaitForDate ? wait : LeastWaitForDate;
    }
}
