using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Converts the YAML of a credentials file to JSON: mappings, sequences and scalars, which all become strings. Anchors are refused.
/// </summary>
internal static class YamlToJson
{
    private const int MaxDepth = 32;

    /// <exception cref="YamlException">The text is not YAML, or uses features that a credentials file does not need.</exception>
    public static JsonDocument Parse(string yaml)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            Parser parser = new(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (parser.TryConsume<DocumentStart>(out _))
            {
                Write(parser, writer, depth: 0);
                parser.Consume<DocumentEnd>();
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        return JsonDocument.Parse(json.ToArray());
    }

    private static void Write(Parser parser, Utf8JsonWriter writer, int depth)
    {
        ParsingEvent node = parser.Consume<ParsingEvent>();
        switch (node)
        {
            case NodeEvent { Anchor.IsEmpty: false } or AnchorAlias:
                throw new YamlException(node.Start, node.End, "Anchors are not supported.");
            case Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" }:
                writer.WriteNullValue();
                break;
            case Scalar scalar:
                writer.WriteStringValue(scalar.Value);
                break;
            case NodeEvent when depth == MaxDepth:
                throw new YamlException(node.Start, node.End, "Nested too deeply.");
            case MappingStart:
                writer.WriteStartObject();
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    writer.WritePropertyName(parser.Consume<Scalar>().Value);
                    Write(parser, writer, depth + 1);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteStartArray();
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    Write(parser, writer, depth + 1);
                }

                writer.WriteEndArray();
                break;
        }
    }
}
