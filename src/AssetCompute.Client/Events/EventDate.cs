using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace AssetCompute.Client;

/// <summary>
/// Reads the dates of events: ISO 8601, in UTC if there is no offset. An offset may lack its colon, as Java and JavaScript libraries write it.
/// </summary>
internal static class EventDate
{
    private static readonly string[] s_formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzz", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    /// <returns>The date; null if the text is not a date.</returns>
    public static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParseExact(WithoutNanoseconds(text), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;

    // The framework reads seven digits of a fraction.
    private static string WithoutNanoseconds(string text) => Regex.Replace(text, @"(?<=\.[0-9]{7})[0-9]+", "");

    internal sealed class Converter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType != JsonTokenType.String ? throw new JsonException("The value must be an ISO 8601 date.")
            // Without an offset, the framework would assume the time zone of this machine.
            : reader.ValueSpan is [.., (byte)'Z'] && reader.TryGetDateTimeOffset(out DateTimeOffset utc) ? utc
            : Parse(reader.GetString()!) ?? throw new JsonException("The value must be an ISO 8601 date.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
