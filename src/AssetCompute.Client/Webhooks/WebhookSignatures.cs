namespace AssetCompute.Client.Webhooks;

/// <summary>
/// The two signatures of a delivery, and where the key of each is. Either of them is enough; a delivery may come with one.
/// </summary>
public sealed record WebhookSignatures
{
    /// <summary><c>x-adobe-digital-signature-1</c>, the header of <see cref="Signature1"/>.</summary>
    public const string Signature1Header = "x-adobe-digital-signature-1";

    /// <summary><c>x-adobe-digital-signature-2</c>, the header of <see cref="Signature2"/>.</summary>
    public const string Signature2Header = "x-adobe-digital-signature-2";

    /// <summary><c>x-adobe-public-key1-path</c>, the header of <see cref="KeyPath1"/>.</summary>
    public const string KeyPath1Header = "x-adobe-public-key1-path";

    /// <summary><c>x-adobe-public-key2-path</c>, the header of <see cref="KeyPath2"/>.</summary>
    public const string KeyPath2Header = "x-adobe-public-key2-path";

    /// <summary>The first signature, in base64; null where there is none.</summary>
    public string? Signature1 { get; init; }

    /// <summary>The path of the key of <see cref="Signature1"/>; null where there is none.</summary>
    public string? KeyPath1 { get; init; }

    /// <summary>The second signature, in base64; null where there is none.</summary>
    public string? Signature2 { get; init; }

    /// <summary>The path of the key of <see cref="Signature2"/>; null where there is none.</summary>
    public string? KeyPath2 { get; init; }

    /// <summary>The headers, those that are there: for sending a delivery of one's own in a test.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers
    {
        get
        {
            List<KeyValuePair<string, string>> headers = [];
            Add(Signature1Header, Signature1);
            Add(KeyPath1Header, KeyPath1);
            Add(Signature2Header, Signature2);
            Add(KeyPath2Header, KeyPath2);
            return headers;

            void Add(string name, string? value)
            {
                if (value is not null)
                {
                    headers.Add(new KeyValuePair<string, string>(name, value));
                }
            }
        }
    }

    /// <summary>The signatures that stand in the headers of a request.</summary>
    /// <param name="header">Gives the value of a header by its name, in any case of letters; null where the request has none, or more than one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="header"/> is null.</exception>
    public static WebhookSignatures FromHeaders(Func<string, string?> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return new WebhookSignatures
        {
            Signature1 = header(Signature1Header),
            KeyPath1 = header(KeyPath1Header),
            Signature2 = header(Signature2Header),
            KeyPath2 = header(KeyPath2Header),
        };
    }

    /// <summary>The paths of the keys.</summary>
    public override string ToString() => $"{nameof(WebhookSignatures)} {{ KeyPath1 = {KeyPath1}, KeyPath2 = {KeyPath2} }}";
}
