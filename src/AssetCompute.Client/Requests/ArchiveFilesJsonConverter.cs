using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>Reads and writes the files of an archive, each of which is a string or an object.</summary>
internal sealed class ArchiveFilesJsonConverter : JsonConverter<IReadOnlyList<ArchiveFile>>
{
    private static readonly FileConverter s_file = new();

    public override IReadOnlyList<ArchiveFile> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("The files of an archive must be an array.");
        }

        List<ArchiveFile> files = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            files.Add(s_file.Read(ref reader, typeof(ArchiveFile), options)!);
        }

        return files;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ArchiveFile> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (ArchiveFile file in value)
        {
            s_file.Write(writer, file, options);
        }

        writer.WriteEndArray();
    }

    private sealed class FileConverter : UrlOrObjectJsonConverter<ArchiveFile>
    {
        protected override ArchiveFile FromUrl(string url) => new() { Url = url };

        protected override string? OnlyUrl(ArchiveFile value) => value is { Path: null, ExtensionData: null } ? value.Url : null;
    }
}
