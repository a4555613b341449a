using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>Finds the line on which a value of a JSON text starts, by its path, such as <c>renditions[0].fmt</c>.</summary>
internal static class JsonLines
{
    public static Dictionary<string, int> Of(ReadOnlySpan<byte> json)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Walk(ref reader, json, "", lines);
        return lines;
    }

    /// <summary>Returns the line of a path, or of the closest enclosing value that exists.</summary>
    public static int Find(Dictionary<string, int> lines, string path)
    {
        while (path.Length > 0 && !lines.ContainsKey(path))
        {
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return lines.GetValueOrDefault(path, 1);
    }

    private static void Walk(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string path, Dictionary<string, int> lines)
    {
        lines[path] = json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                Walk(ref reader, json, $"{path}[{index}]", lines);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var name = reader.GetString();
                reader.Read();
                Walk(ref reader, json, path.Length == 0 ? name! : $"{path}.{name}", lines);
            }
        }
    }
}
