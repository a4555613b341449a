using System.Text.Json;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// A small rendition that is embedded in its event as a data URI.
/// </summary>
/// <remarks>Source: "embedBinaryLimit" in the rendition instructions of the API page.</remarks>
public sealed class EmbeddedData
{
    private const string Base64Suffix = ";base64";
    private readonly int _comma;

    /// <summary>Creates embedded data.</summary>
    /// <param name="dataUri">The data URI, such as <c>data:image/png;base64,…</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="dataUri"/> is not a data URI.</exception>
    public EmbeddedData(string dataUri)
    {
        ArgumentNullException.ThrowIfNull(dataUri);
        if (!SecureUrl.IsDataUri(dataUri))
        {
            throw new ArgumentException("The value must be a data URI: data:<MIME type>;base64,<data>.", nameof(dataUri));
        }

        DataUri = dataUri;
        _comma = dataUri.IndexOf(',');
    }

    /// <summary>The data URI as received.</summary>
    public string DataUri { get; }

    /// <summary>The MIME type with its parameters, such as <c>text/plain;charset=utf-8</c>.</summary>
    public string MimeType
    {
        get
        {
            string head = DataUri.Substring(5, _comma - 5);
            return head.EndsWith(Base64Suffix, StringComparison.OrdinalIgnoreCase) ? head.Substring(0, head.Length - Base64Suffix.Length) : head;
        }
    }

    /// <summary>Returns the bytes of the rendition. They are decoded at each call.</summary>
    /// <exception cref="FormatException">The data does not match its header.</exception>
    public byte[] ToArray()
    {
        string payload = DataUri.Substring(_comma + 1);
        bool base64 = DataUri.AsSpan(0, _comma).EndsWith(Base64Suffix.AsSpan(), StringComparison.OrdinalIgnoreCase);
        return base64 ? Convert.FromBase64String(payload) : System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(payload));
    }

    internal sealed class Converter : JsonConverter<EmbeddedData>
    {
        public override EmbeddedData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } dataUri && SecureUrl.IsDataUri(dataUri) ? new EmbeddedData(dataUri) : throw new JsonException("The value must be a data URI.");

        public override void Write(Utf8JsonWriter writer, EmbeddedData value, JsonSerializerOptions options) => writer.WriteStringValue(value.DataUri);
    }
}
