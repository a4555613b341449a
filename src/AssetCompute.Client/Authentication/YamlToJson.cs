using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AssetCompute.Client.Authentication;

/// <summary>Converts the YAML of a credentials file to JSON: mappings, sequences and scalars, which all become strings. Anchors are refused.</summary>
internal static class YamlToJson
{
    private const int MaxDepth = 32;

    /// <exception cref="YamlException">The text is not YAML, or uses features that a credentials file does not need.</exception>
    public static JsonDocument Parse(string yaml)
    {
        Parser parser = new(new StringReader(yaml));
        parser.Consume<StreamStart>();
        JsonNode? root = null;
        if (parser.TryConsume<DocumentStart>(out _))
        {
            root = Read(parser, depth: 0);
            parser.Consume<DocumentEnd>();
        }

        return JsonDocument.Parse(root?.ToJsonString() ?? "null");
    }

    private static JsonNode? Read(Parser parser, int depth)
    {
        ParsingEvent node = parser.Consume<ParsingEvent>();
        switch (node)
        {
            case NodeEvent { Anchor.IsEmpty: false } or AnchorAlias:
                throw new YamlException(node.Start, node.End, "Anchors are not supported.");
            case Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" }:
                return null;
            case Scalar scalar:
                return scalar.Value;
            case NodeEvent when depth == MaxDepth:
                throw new YamlException(node.Start, node.End, "Nested too deeply.");
            case MappingStart:
                JsonObject mapping = [];
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    mapping[parser.Consume<Scalar>().Value] = Read(parser, depth + 1);
                }

                return mapping;
            default:
                JsonArray sequence = [];
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    sequence.Add(Read(parser, depth + 1));
                }

                return sequence;
        }
    }
}
