using System.Net;
using System.Security.Cryptography;
using System.Text;
using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes(ReceiverBench.Published);

    [Fact]
    public async Task Verify_OfASignedDelivery_GivesItsEvent()
    {
        await using ReceiverBench bench = new();

        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
        WebhookEvent received = Assert.Single(bench.Handler.Events);

        Assert.Equal("acct:aem-p1-e2@adobe.com e-1", received.Id);
        Assert.Equal("x-1", received.EventId);
        Assert.Equal(s_body, received.Raw.ToArray());
        Assert.Equal("/content/dam/a.jpg", Assert.IsType<AemAssetPublished>(received.Event).Path);
        Assert.Equal($"https://static.adobeioevents.com{bench.Signer.KeyPath}", Assert.Single(bench.Host.Asked));
    }

    [Fact]
    public async Task Verify_OfAnyChangedByte_IsRefused()
    {
        await using ReceiverBench bench = new();
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
        WebhookSignatures signatures = bench.Signer.SignBody(s_body);

        for (int at = 0; at < s_body.Length; at++)
        {
            byte[] changed = [.. s_body];
            changed[at] ^= 1;
            WebhookAnswer answer = await bench.ReceiveAsync(new MemoryStream(changed), signatures, TestContext.Current.CancellationToken);

            // Once the limit of key requests is reached, the receiver cannot know whether the key was replaced.
            Assert.True(answer.StatusCode is 401 or 503, $"The change of byte {at} was answered with {answer.StatusCode}.");
        }

        Assert.Single(bench.Handler.Events);
    }

    [Fact]
    public async Task Verify_EitherSignatureAlone_IsEnough()
    {
        await using ReceiverBench bench = new();
        WebhookSignatures first = bench.Signer.SignBody(s_body);

        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, first));
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, new WebhookSignatures { Signature2 = first.Signature1, KeyPath2 = first.KeyPath1 }));
    }

    [Theory]
    [InlineData("no base64 at all", "/prod/keys/pub-key-other.pem")]
    [InlineData("AAAA", "/prod/keys/pub-key-other.pem")]
    [InlineData(null, "/prod/keys/pub-key-other.pem")]
    [InlineData("same", null)]
    [InlineData("same", "/prod/keys/../pub-key-other.pem")]
    [InlineData("same", "/prod/keys/pub-key-down.pem")]
    [InlineData("same", "/prod/keys/pub-key-missing.pem")]
    [InlineData("same", "/prod/keys/pub-key-garbage.pem")]
    [InlineData("same", "/prod/keys/pub-key-other.pem")]
    public async Task Verify_WhateverIsWrongWithOneSignature_TheOtherIsEnough(string? signature, string? path)
    {
        await using ReceiverBench bench = new();
        using WebhookSigner other = new("/prod/keys/pub-key-other.pem");
        bench.Host.Serve(other);
        bench.Host.Answer("/prod/keys/pub-key-down.pem", _ => throw new HttpRequestException("down"));
        bench.Host.Answer("/prod/keys/pub-key-garbage.pem", HttpStatusCode.OK, "-----BEGIN PUBLIC KEY-----\n%%%\n-----END PUBLIC KEY-----");
        WebhookSignatures right = bench.Signer.SignBody(s_body);
        string? broken = signature == "same" ? right.Signature1 : signature;

        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, new() { Signature1 = broken, KeyPath1 = path, Signature2 = right.Signature1, KeyPath2 = right.KeyPath1 }));
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, new() { Signature1 = right.Signature1, KeyPath1 = right.KeyPath1, Signature2 = broken, KeyPath2 = path }));
    }

    [Fact]
    public async Task Verify_SignatureOfOneWithTheKeyOfTheOther_IsRefused()
    {
        await using ReceiverBench bench = new();
        using WebhookSigner other = new();
        bench.Host.Serve(other);
        WebhookSignatures first = bench.Signer.SignBody(s_body);
        WebhookSignatures second = other.SignBody(s_body);
        WebhookSignatures swapped = new() { Signature1 = first.Signature1, KeyPath1 = second.KeyPath1, Signature2 = second.Signature1, KeyPath2 = first.KeyPath1 };

        Assert.Equal(WebhookRefusal.InvalidSignature, await bench.VerifyAsync(ReceiverBench.Published, swapped));
        Assert.Equal(WebhookRefusal.InvalidSignature, await bench.VerifyAsync(ReceiverBench.Published, new() { Signature1 = first.Signature1, KeyPath2 = first.KeyPath1 }));
        Assert.Equal(WebhookRefusal.InvalidSignature, await bench.VerifyAsync(ReceiverBench.Published, new()));
    }

    [Theory]
    [InlineData(".evil.example/prod/keys/pub-key-1.pem")]
    [InlineData("@evil.example/prod/keys/pub-key-1.pem")]
    [InlineData("/@evil.example/prod/keys/pub-key-1.pem")]
    [InlineData("//evil.example/prod/keys/pub-key-1.pem")]
    [InlineData("\\\\evil.example/prod/keys/pub-key-1.pem")]
    [InlineData("https://evil.example/prod/keys/pub-key-1.pem")]
    [InlineData(":443@evil.example/prod/keys/pub-key-1.pem")]
    [InlineData("/prod/keys/../evil/pub-key-1.pem")]
    [InlineData("/prod/keys/pub-key-../../evil.pem")]
    [InlineData("/prod/keys/pub-key-%2e%2e%2fevil.pem")]
    [InlineData("/prod/keys/pub-key-1%00.pem")]
    [InlineData("/prod/keys/pub-key-1.pem?x=.pem")]
    [InlineData("/prod/keys/pub-key-1?x=.pem")]
    [InlineData("/prod/keys/pub-key-1#.pem")]
    [InlineData("/prod/keys/pub-key-1/2.pem")]
    [InlineData("/prod/keys/pub-key-1\\2.pem")]
    [InlineData("/prod/keys/pub-key-1.pem\n")]
    [InlineData("/prod/keys/pub-key-1.pem ")]
    [InlineData("/prod/keys/pub-key-é.pem")]
    [InlineData("/prod/keys/pub-key-.pem")]
    [InlineData("/Prod/keys/pub-key-1.pem")]
    [InlineData("/dev/keys/pub-key-1.pem")]
    [InlineData("prod/keys/pub-key-1.pem")]
    [InlineData("")]
    public async Task Verify_KeyPathOutsideThePinnedForm_IsRefusedAndNobodyIsAsked(string path)
    {
        await using ReceiverBench bench = new();

        Assert.Equal(WebhookRefusal.InvalidSignature, await bench.VerifyAsync(ReceiverBench.Published, bench.Signer.SignBody(s_body) with { KeyPath1 = path }));
        Assert.Empty(bench.Host.Asked);
    }

    [Fact]
    public async Task Verify_KeyPathLongerThanAnyKeys_IsRefused()
    {
        await using ReceiverBench bench = new();

        Assert.Equal(WebhookRefusal.InvalidSignature, await bench.VerifyAsync(ReceiverBench.Published, bench.Signer.SignBody(s_body) with { KeyPath1 = $"/prod/keys/pub-key-{new string('a', 200)}.pem" }));
        Assert.Empty(bench.Host.Asked);
    }

    [Fact]
    public async Task Verify_KeyOfStage_IsAccepted()
    {
        await using ReceiverBench bench = new();
        using WebhookSigner stage = new("/stage/keys/pub-key-1.pem");
        bench.Host.Serve(stage);

        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, stage.SignBody(s_body)));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, WebhookRefusal.InvalidSignature)]
    [InlineData(HttpStatusCode.Gone, WebhookRefusal.InvalidSignature)]
    [InlineData(HttpStatusCode.Forbidden, WebhookRefusal.KeyUnavailable)]
    [InlineData(HttpStatusCode.InternalServerError, WebhookRefusal.KeyUnavailable)]
    [InlineData(HttpStatusCode.ServiceUnavailable, WebhookRefusal.KeyUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests, WebhookRefusal.KeyUnavailable)]
    [InlineData(HttpStatusCode.Redirect, WebhookRefusal.KeyUnavailable)]
    [InlineData(HttpStatusCode.MovedPermanently, WebhookRefusal.KeyUnavailable)]
    public async Task Verify_KeyHostWithoutTheKey_IsRefusedForGoodOnlyWhereThereIsNone(HttpStatusCode status, WebhookRefusal expected)
    {
        await using ReceiverBench bench = new();
        bench.Host.Answer(bench.Signer.KeyPath, status, bench.Signer.PublicKeyPem, location: "https://evil.example/key.pem");

        Assert.Equal(expected, await bench.VerifyAsync(ReceiverBench.Published));
        Assert.Single(bench.Host.Asked);
    }

    [Fact]
    public async Task Verify_ClientThatFollowedARedirect_DoesNotTakeTheKey()
    {
        await using ReceiverBench bench = new();
        bench.Host.Answer(bench.Signer.KeyPath, _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(bench.Signer.PublicKeyPem),
            RequestMessage = new HttpRequestMessage(HttpMethod.Get, "https://evil.example/key.pem"),
        }));

        Assert.Equal(WebhookRefusal.KeyUnavailable, await bench.VerifyAsync(ReceiverBench.Published));
    }

    [Fact]
    public async Task Verify_KeyThatIsNone_IsNotAcceptedAndNotKept()
    {
        using RSA weak = RSA.Create(1024);
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (string pem in new[] { "", "<html>maintenance</html>", weak.ExportSubjectPublicKeyInfoPem(), curve.ExportSubjectPublicKeyInfoPem(), new string('A', 70_000) })
        {
            await using ReceiverBench bench = new();
            bench.Host.Answer(bench.Signer.KeyPath, HttpStatusCode.OK, pem);
            Assert.Equal(WebhookRefusal.KeyUnavailable, await bench.VerifyAsync(ReceiverBench.Published));

            bench.Host.Serve(bench.Signer);
            Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
        }
    }

    [Fact]
    public async Task Verify_KeyHostThatHangs_IsGivenUpAndTheOtherKeyIsNotHeldUp()
    {
        const string slow = "/prod/keys/pub-key-slow.pem";
        await using ReceiverBench bench = new();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Host.Answer(slow, async token =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return new HttpResponseMessage(HttpStatusCode.OK);
        });
        WebhookSignatures right = bench.Signer.SignBody(s_body);

        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, right with { KeyPath1 = slow, Signature2 = right.Signature1, KeyPath2 = right.KeyPath1 }));

        Task<WebhookRefusal?> alone = bench.VerifyAsync(ReceiverBench.Published, right with { KeyPath1 = slow });
        await asked.Task.InTimeAsync("the key host is asked");
        bench.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(WebhookRefusal.KeyUnavailable, await alone);
    }
}
