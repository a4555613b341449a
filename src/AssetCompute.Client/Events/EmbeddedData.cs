using System.Diagnostics.CodeAnalysis;

namespace AssetCompute.Client;

/// <summary>
/// A small rendition that came inside its event, as a data URI.
/// </summary>
/// <remarks>Source: "embedBinaryLimit" in the rendition instructions of the API page.</remarks>
public sealed class EmbeddedData
{
    private const string Base64Suffix = ";base64";
    private readonly int _comma;

    private EmbeddedData(string dataUri, int comma)
    {
        DataUri = dataUri;
        _comma = comma;
    }

    /// <summary>Embedded data.</summary>
    /// <param name="dataUri">The data URI, such as <c>data:image/png;base64,…</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="dataUri"/> is no data URI.</exception>
    public EmbeddedData(string dataUri)
    {
        ArgumentNullException.ThrowIfNull(dataUri);
        _comma = CommaOf(dataUri);
        if (_comma < 0)
        {
            throw new ArgumentException("The value must be a data URI: data:<MIME type>;base64,<data>.", nameof(dataUri));
        }

        DataUri = dataUri;
    }

    /// <summary>The data URI as it came.</summary>
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

    /// <summary>The bytes of the rendition, decoded anew at each call.</summary>
    /// <exception cref="FormatException">The data is not what its head says.</exception>
    public byte[] ToArray()
    {
        string payload = DataUri.Substring(_comma + 1);
        bool base64 = DataUri.AsSpan(0, _comma).EndsWith(Base64Suffix.AsSpan(), StringComparison.OrdinalIgnoreCase);
        return base64 ? Convert.FromBase64String(payload) : System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(payload));
    }

    internal static bool TryCreate(string? dataUri, [NotNullWhen(true)] out EmbeddedData? data)
    {
        int comma = dataUri is null ? -1 : CommaOf(dataUri);
        data = comma < 0 ? null : new EmbeddedData(dataUri!, comma);
        return data is not null;
    }

    /// <summary>The MIME type; never the data.</summary>
    public override string ToString() => $"data:{MimeType},…";

    private static int CommaOf(string dataUri) =>
        dataUri.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? dataUri.IndexOf(',') : -1;
}
