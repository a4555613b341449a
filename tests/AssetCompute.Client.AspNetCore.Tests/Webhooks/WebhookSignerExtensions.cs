using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

internal static class WebhookSignerExtensions
{
    public static WebhookSignatures SignBody(this WebhookSigner signer, byte[] body)
    {
        IReadOnlyDictionary<string, string> headers = signer.Sign(body);
        return new WebhookSignatures { Signature1 = headers["x-adobe-digital-signature-1"], KeyPath1 = headers["x-adobe-public-key1-path"] };
    }
}
