using System.Globalization;
using System.Text;
using AssetCompute.Client.Tests.Fuzzing;
using AssetCompute.Client.Webhooks;
using FsCheck;
using FsCheck.Fluent;

namespace AssetCompute.Client.Tests.Webhooks;

/// <summary>Any content of a signed delivery results in events or a typed refusal, and any invalid headers result in a refusal.</summary>
public sealed class WebhookFuzzTests
{
    private static readonly WebhookOptions s_options = new() { ClientId = "me" };

    private static readonly string[] s_deliveries =
    [
        ReceiverBench.Published,
        $"[{ReceiverBench.Published},{ReceiverBench.Published}]",
        """{"event_id":"x","event":{"@id":"u","@type":"xdmPublished","xdmEventEnvelope:objectType":"xdmAsset","activitystreams:published":"2026-01-01T00:00:00Z","activitystreams:object":{"@type":"xdmAsset","xdmAsset:path":"/content/dam/a.jpg"}},"recipient_client_id":"me"}""",
        """[{"eventid":"x","event":{"body":{"specversion":"1.0","id":"m","source":"urn:m","type":"t","data":{"a":[1,-2.5e3,true,null,"\ud83d\ude00"]}}},"recipientclientid":"me"}]""",
        """{"specversion":"1.0","id":"e","source":"s","type":"aem.assets.asset.metadata_updated","recipientclientid":"me","data":{"assetId":"urn:1","user":{"principalId":"p"},"repositoryMetadata":{"repo:size":"12","tiff:imageWidth":3},"assetMetadata":{"event:updated":{"a":1}}}}""",
        """{"event":{"type":"rendition_created","requestId":"r","rendition":{"fmt":"png"},"metadata":{"repo:size":1}},"recipientclientid":"me"}""",
        """{"validationUrl":"https://csm.adobe.io/csm/registrations/validate?id=1&challenge=2"}""",
    ];

    [Fact]
    public void Parse_MutatedDeliveries_GivesEventsOrARefusal() => Prop.ForAll(Mutated().ToArbitrary(), input =>
    {
        // The result is any text or null, but never an exception. The RegistrationValidator checks where the URL leads.
        _ = WebhookEnvelope.ValidationUrlOf(input);
        try
        {
            IReadOnlyList<WebhookEvent> events = WebhookEnvelope.Parse(input, s_options);
            return events.Count > 0 && events.All(received =>
                received.Event.Type is not null && received.Id.Length > 0 && received.Event.ToString().Length > 0 && input.AsSpan().IndexOf(received.Raw.Span) >= 0);
        }
        catch (WebhookRefusedException refused)
        {
            return refused.Outcome.StatusCode is 400 or 403 or 413;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(FuzzInputs.Count));

    [Fact]
    public void IsValid_AnyKeyPath_LeadsToTheKeysOfThePinnedHost() => Prop.ForAll(Paths().ToArbitrary(), path =>
    {
        if (!PublicKeyCache.IsPath(path))
        {
            return true;
        }

        Uri url = new("https://static.adobeioevents.com" + path);
        return url is { Host: "static.adobeioevents.com", Port: 443, UserInfo: "", Query: "", Fragment: "" } && url.AbsolutePath == path && url.Segments.Length == 4;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(FuzzInputs.Count));

    [Fact]
    public async Task Verify_AnyHeaders_AreRefused()
    {
        await using ReceiverBench bench = new();
        byte[] body = Encoding.UTF8.GetBytes(ReceiverBench.Published);
        WebhookSignatures right = bench.Signer.SignBody(body);
        Random random = new(11);
        for (int i = 0; i < 2000; i++)
        {
            char[] signature = right.Signature1!.ToCharArray();
            signature[random.Next(signature.Length - 4)] = "AZaz09+/=\n é"[random.Next(12)];
            string changed = new(signature);
            if (changed != right.Signature1)
            {
                WebhookSignatures headers = right with { Signature1 = random.Next(2) == 0 ? changed : changed[random.Next(changed.Length)..] };
                Assert.NotNull(await bench.VerifyAsync(ReceiverBench.Published, headers));
            }
        }
    }

    private static Gen<string> Paths() =>
        from prefix in Gen.Elements("/prod/keys/pub-key-", "/stage/keys/pub-key-", "", "/prod/keys/")
        from length in Gen.Choose(0, 12)
        from middle in Gen.ArrayOf(Gen.Frequency((9, Gen.Elements("ab-_09./\\@%#?:".ToCharArray())), (1, ArbMap.Default.GeneratorFor<char>())), length)
        from suffix in Gen.Elements(".pem", "", ".pem\n")
        select prefix + new string(middle) + suffix;

    private static Gen<byte[]> Mutated() =>
        from delivery in Gen.Elements(s_deliveries)
        from seed in ArbMap.Default.GeneratorFor<int>()
        select MutatedJson.Of(Encoding.UTF8.GetBytes(delivery), new Random(seed));
}
