using System.Globalization;
using System.Text.RegularExpressions;

namespace AssetCompute.Client;

/// <summary>Reads the <c>Retry-After</c> header: in seconds, or as a date on the clock of the server that wrote it.</summary>
/// <remarks>The framework's parser does not accept fractions or numbers beyond an int, and fails if a proxy has written the header twice.</remarks>
internal static class RetryAfter
{
    // Without the day of the week, which is separated by a comma. The last format is that of C's asctime, which has no comma.
    private static readonly string[] s_dates = ["d MMM yyyy H:m:s 'GMT'", "d'-'MMM'-'yy H:m:s 'GMT'", "ddd MMM d H:m:s yyyy"];

    // A date has only whole seconds: a shorter wait is not significant.
    private static readonly TimeSpan s_leastForDate = TimeSpan.FromSeconds(1);

    /// <summary>Returns the wait that the response asks for, which is the longest of several values. Null if there is no value that can be parsed.</summary>
    public static TimeSpan? Of(HttpResponseMessage? response, TimeProvider timeProvider)
    {
        if (response is null || !response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        DateTimeOffset now = response.Headers.Date ?? timeProvider.GetUtcNow();
        return string.Join(",", values).Split(',').Select(static part => part.Trim()).Max(text => Seconds(text) ?? UntilDate(text, now));
    }

    // .NET Framework cannot parse a number beyond a double, and throws for one just below the maximum. No caller waits longer than an int of seconds.
    private static TimeSpan? Seconds(string text) =>
        !Regex.IsMatch(text, @"^[0-9]+(\.[0-9]*)?\z") ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds < int.MaxValue ? TimeSpan.FromSeconds(seconds)
        : TimeSpan.MaxValue;

    private static TimeSpan? UntilDate(string text, DateTimeOffset now) =>
        !DateTimeOffset.TryParseExact(text, s_dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out DateTimeOffset date) ? null
        : date - now > s_leastForDate ? date - now
        : s_leastForDate;
}
