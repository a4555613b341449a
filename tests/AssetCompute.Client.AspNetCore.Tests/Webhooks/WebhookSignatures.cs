using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

/// <summary>The headers that prove the origin of a delivery. A test can change them.</summary>
internal sealed record WebhookSignatures
{
    public string? Signature1 { get; init; }

    public string? KeyPath1 { get; init; }

    public string? Signature2 { get; init; }

    public string? KeyPath2 { get; init; }

    public IEnumerable<KeyValuePair<string, string>> Headers =>
        new Dictionary<string, string?>
        {
            ["x-adobe-digital-signature-1"] = Signature1,
            ["x-adobe-public-key1-path"] = KeyPath1,
            ["x-adobe-digital-signature-2"] = Signature2,
            ["x-adobe-public-key2-path"] = KeyPath2,
        }.Where(header => header.Value is not null)!;
}
