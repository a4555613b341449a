using System.Buffers;
using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>A page of the journal.</summary>
/// <param name="Records">The events in order; empty at the end of the journal.</param>
/// <param name="Before">The position that returns the same page again.</param>
/// <param name="Last">The position to continue from.</param>
internal sealed record JournalPage(IReadOnlyList<JournalRecord> Records, string Before, string Last)
{
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(Records.Sum(record => record.PageLength + 1) + 128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("events"u8);
            foreach (var record in Records)
            {
                writer.WriteStartObject();
                writer.WriteString("position"u8, record.Position);
                writer.WritePropertyName("event"u8);
                writer.WriteRawValue(record.Event, skipInputValidation: true);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartObject("_page"u8);
            writer.WriteString("last"u8, Last);
            writer.WriteNumber("count"u8, Records.Count);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
