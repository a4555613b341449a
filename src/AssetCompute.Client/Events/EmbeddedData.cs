using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>A small rendition that is embedded in its event as a data URI.</summary>
/// <remarks>Source: "embedBinaryLimit" in the rendition instructions of the API page.</remarks>
public sealed class EmbeddedData
{
    private readonly bool _isBase64;

    /// <summary>Creates embedded data.</summary>
    /// <param name="dataUri">The data URI, such as <c>data:image/png;base64,…</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="dataUri"/> is not a data URI.</exception>
    public EmbeddedData(string dataUri)
    {
        ArgumentNullException.ThrowIfNull(dataUri);
        DataUri = SecureUrl.IsDataUri(dataUri) ? dataUri : throw new ArgumentException("The value must be a data URI: data:<MIME type>;base64,<data>.", nameof(dataUri));
        (MimeType, _isBase64) = SecureUrl.ReadHead(dataUri);
    }

    /// <summary>The data URI as received.</summary>
    public string DataUri { get; }

    /// <summary>The MIME type with its parameters, such as <c>text/plain;charset=utf-8</c>.</summary>
    public string MimeType { get; }

    /// <summary>Returns the bytes of the rendition. They are decoded at each call.</summary>
    /// <exception cref="FormatException">The data does not match its header.</exception>
    public byte[] ToArray()
    {
        string payload = DataUri.Substring(DataUri.IndexOf(',') + 1);
        return _isBase64 ? Convert.FromBase64String(payload) : Encoding.UTF8.GetBytes(Uri.UnescapeDataString(payload));
    }

    internal sealed class Converter : JsonConverter<EmbeddedData>
    {
        public override EmbeddedData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } dataUri && SecureUrl.IsDataUri(dataUri) ? new EmbeddedData(dataUri) : throw new JsonException("The value must be a data URI.");

        public override void Write(Utf8JsonWriter writer, EmbeddedData value, JsonSerializerOptions options) => writer.WriteStringValue(value.DataUri);
    }
}
