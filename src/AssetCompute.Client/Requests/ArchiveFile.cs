using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>One file of an archive, for a rendition of <see cref="RenditionFormat.Zip"/>.</summary>
/// <remarks>Source: "files" in the rendition instructions of the API page. A file without a path is written as a plain string; both forms are read.</remarks>
public sealed record ArchiveFile : ExtensibleModel
{
    /// <summary>The URL to read the file from: https, usually pre-signed, or a <c>data:</c> URI.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init => field = value ?? ""; } // Null where an event leaves it out.

    /// <summary>The path of the file inside the archive. Default: chosen by the service, from the URL.</summary>
    [JsonPropertyName("path")]
    public string? Path { get; init; }

    /// <summary>Creates a file that is read from a URL. Characters that RFC 3986 does not allow are escaped; nothing else is changed.</summary>
    /// <param name="url">An absolute https URL.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static implicit operator ArchiveFile(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new ArchiveFile { Url = Rfc3986.Escape(url) };
    }

    private protected override string Describe() => $"{Path} <- {RedactedUrl.Of(Url)}";

    /// <summary>Reads and writes the files of an archive. Each file is a string or an object.</summary>
    internal sealed class ListConverter : JsonConverter<IReadOnlyList<ArchiveFile>>
    {
        private static readonly UrlOrObjectJsonConverter<ArchiveFile> s_file = new(
            static url => new() { Url = url }, static value => value is { Path: null, ExtensionData: null } ? value.Url : null);

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
    }
}
