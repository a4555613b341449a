using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// The little of YAML that a credentials file uses, as JSON, so that one reader serves both: mappings, sequences and texts. Every scalar is
/// a text; anchors, which a file of credentials has no use for, are refused.
/// </summary>
internal static class YamlToJson
{
    private const int Deepest = 32;

    /// <exception cref="YamlException">It is no YAML, or more of it than a credentials file uses.</exception>
    public static JsonDocument Parse(string yaml)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            Write(new Parser(new StringReader(yaml)), writer);
        }

        return JsonDocument.Parse(json.ToArray());
    }

    private static void Write(Parser parser, Utf8JsonWriter writer)
    {
        // For each open collection: whether the next node is a key.
        var open = new Stack<bool?>();
        bool written = false;
        while (parser.MoveNext() && parser.Current is not DocumentEnd)
        {
            ParsingEvent current = parser.Current!;
            bool isKey = open.Count > 0 && open.Peek() == true;
            switch (current)
            {
                case NodeEvent { Anchor.IsEmpty: false } or AnchorAlias:
                    throw new YamlException(current.Start, current.End, "Anchors are not supported.");
                case Scalar scalar when isKey:
                    writer.WritePropertyName(scalar.Value);
                    break;
                case NodeEvent when isKey:
                    throw new YamlException(current.Start, current.End, "A key must be a text.");
                case NodeEvent when open.Count == Deepest:
                    throw new YamlException(current.Start, current.End, "Nested too deeply.");
                case Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" }:
                    writer.WriteNullValue();
                    break;
                case Scalar scalar:
                    writer.WriteStringValue(scalar.Value);
                    break;
                case MappingStart:
                    writer.WriteStartObject();
                    break;
                case SequenceStart:
                    writer.WriteStartArray();
                    break;
                case MappingEnd:
                    writer.WriteEndObject();
                    open.Pop();
                    continue;
                case SequenceEnd:
                    writer.WriteEndArray();
                    open.Pop();
                    continue;
                default:
                    continue;
            }

            written = true;
            if (open.Count > 0 && open.Peek() is { } key)
            {
                open.Pop();
                open.Push(!key);
            }

            if (current is MappingStart or SequenceStart)
            {
                open.Push(current is MappingStart ? true : null);
            }
        }

        if (!written)
        {
            writer.WriteNullValue();
        }
    }
}
