using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>Reads a duration from a number of seconds or, with <see cref="OfMilliseconds"/>, milliseconds.</summary>
internal class SecondsConverter(double unitsPerSecond) : JsonConverter<TimeSpan>
{
    public SecondsConverter()
        : this(1)
    {
    }

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return TimeSpan.FromSeconds(reader.GetDouble() / unitsPerSecond);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(value.TotalSeconds * unitsPerSecond);

    internal sealed class OfMilliseconds() : SecondsConverter(1000);
}
