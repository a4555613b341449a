using System.Globalization;

namespace AssetCompute.Client;

/// <summary>Reads the <c>Retry-After</c> header: in seconds, or as a date on the clock of the server that wrote it.</summary>
/// <remarks>The framework's parser does not accept fractions or numbers beyond an int, and fails if a proxy has written the header twice.</remarks>
internal static class RetryAfter
{
    // Without the day of the week, which is separated by a comma. The last format is that of C's asctime, which has no comma.
    private static readonly string[] s_dates = ["d MMM yyyy H:m:s 'GMT'", "d'-'MMM'-'yy H:m:s 'GMT'", "ddd MMM d H:m:s yyyy"];

    // A date has only whole seconds: a shorter wait is not significant.
    private static readonly TimeSpan s_leastForDate = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns the wait that the response asks for; null if it asks for none or the value cannot be parsed. Of several values, the longest counts.
    /// </summary>
    public static TimeSpan? Of(HttpResponseMessage? response, TimeProvider timeProvider)
    {
        if (response is null || !response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        DateTimeOffset now = response.Headers.Date ?? timeProvider.GetUtcNow();
        return string.Join(",", values).Split(',').Select(static part => part.Trim()).Max(text => Seconds(text) ?? UntilDate(text, now));
    }

    private static TimeSpan? Seconds(string text)
    {
        if (text.Length == 0 || text[0] is < '0' or > '9')
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
        {
            // .NET Framework does not parse numbers beyond a double.
            return text.All(static character => character is >= '0' and <= '9') ? TimeSpan.MaxValue : null;
        }

        // .NET Framework throws for a number just below its maximum, and no caller waits longer than this.
        return seconds < int.MaxValue ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    private static TimeSpan? UntilDate(string text, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParseExact(text, s_dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out DateTimeOffset date))
        {
            return null;
        }

        TimeSpan wait = date - now;
        return wait > s_leastForDate ? wait : s_leastForDate;
    }
}
