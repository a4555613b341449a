using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>A resolution in dots per inch, one value for each direction.</summary>
/// <remarks>
/// Source: "dpi" and "convertToDpi" in the rendition instructions of the API page. Equal values are written as one number, different values
/// as <c>{ "xdpi": …, "ydpi": … }</c>; both forms are read.
/// </remarks>
[JsonConverter(typeof(Converter))]
public readonly record struct Dpi
{
    /// <summary>Creates a resolution.</summary>
    /// <param name="x">Horizontal dots per inch, greater than 0.</param>
    /// <param name="y">Vertical dots per inch, greater than 0. Default: the same as <paramref name="x"/>.</param>
    public Dpi(double x, double? y = null)
    {
        X = x;
        Y = y ?? x;
    }

    /// <summary>Horizontal dots per inch.</summary>
    public double X { get; }

    /// <summary>Vertical dots per inch.</summary>
    public double Y { get; }

    /// <summary>Creates a resolution that is the same in both directions.</summary>
    /// <param name="dpi">Dots per inch, greater than 0.</param>
    public static implicit operator Dpi(double dpi) => new(dpi);

    /// <summary>Reads and writes a resolution as a number, or as an object with one number for each direction.</summary>
    internal sealed class Converter : JsonConverter<Dpi>
    {
        public override Dpi Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            JsonElement json = JsonElement.ParseValue(ref reader);
            bool isNumber = json.ValueKind == JsonValueKind.Number;
            double? x = isNumber ? json.GetDouble() : json.Value("xdpi"u8, JsonValueKind.Number)?.GetDouble();
            double? y = isNumber ? x : json.Value("ydpi"u8, JsonValueKind.Number)?.GetDouble();
            return x is { } horizontal && y is { } vertical
                ? new Dpi(horizontal, vertical)
                : throw new JsonException("A resolution must be a number, or an object with the numbers xdpi and ydpi.");
        }

        public override void Write(Utf8JsonWriter writer, Dpi value, JsonSerializerOptions options)
        {
            if (value.X.Equals(value.Y))
            {
                writer.WriteNumberValue(value.X);
                return;
            }

            writer.WriteStartObject();
            writer.WriteNumber("xdpi"u8, value.X);
            writer.WriteNumber("ydpi"u8, value.Y);
            writer.WriteEndObject();
        }
    }
}
