using System.Globalization;
using System.Text.Json;

namespace AssetCompute.Client.Authentication;

/// <summary>A number that Adobe writes sometimes as a number, sometimes as a string.</summary>
internal static class WireNumber
{
    public static double? Read(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        double number;
        bool read = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDouble(out number),
            JsonValueKind.String => double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number),
            _ => (number = 0) != 0,
        };

        return read && !double.IsNaN(number) && !double.IsInfinity(number) ? number : null;
    }
}
