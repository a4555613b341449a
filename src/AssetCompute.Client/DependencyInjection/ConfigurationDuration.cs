using System.Globalization;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// The text of a duration in configuration: <c>[days.]hours:minutes[:seconds]</c>. .NET also accepts a number of days, and reads <c>24:00:00</c> as 24 days.
/// Both are rarely intended, so both are errors.
/// </summary>
internal static class ConfigurationDuration
{
    /// <summary>Returns the error of the text, or null.</summary>
    public static string? GetError(string text)
    {
        string trimmed = text.Trim();
        if (trimmed.Contains(':') && TimeSpan.TryParseExact(trimmed, "c", CultureInfo.InvariantCulture, out _))
        {
            return null;
        }

        string[] parts = trimmed.Split(':');
        bool isNumber = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        string meant = !isNumber ? ""
            : parts.Length == 1 ? $" For {number} {(number == 1 ? "second" : "seconds")} write '{TimeSpan.FromSeconds(number)}'."
            : TimeSpan.TryParseExact("0:" + string.Join(":", parts.Skip(1)), "c", CultureInfo.InvariantCulture, out TimeSpan rest) ? $" For {number} hours write '{TimeSpan.FromHours(number) + rest}'."
            : "";
        return $"is '{text}', which is not a duration: it must be [days.]hours:minutes:seconds with hours from 0 to 23, such as '00:00:30' or '1.00:00:00'.{meant}";
    }
}
