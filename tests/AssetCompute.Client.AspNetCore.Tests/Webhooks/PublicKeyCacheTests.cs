using System.Net;
using System.Text;
using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

public sealed class PublicKeyCacheTests
{
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes(ReceiverBench.Published);

    [Fact]
    public async Task Verify_ManyAtOnce_FetchTheKeyOnce()
    {
        await using ReceiverBench bench = new();
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Host.Answer(bench.Signer.KeyPath, async _ =>
        {
            await open.Task;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(bench.Signer.PublicKeyPem) };
        });

        Task<WebhookRefusal?>[] waiting = [.. Enumerable.Range(0, 50).Select(_ => bench.VerifyAsync(ReceiverBench.Published))];
        open.SetResult();

        Assert.All(await Task.WhenAll(waiting), Assert.Null);
        Assert.Single(bench.Host.Asked);
    }

    [Fact]
    public async Task Verify_KeyOlderThanADay_IsFetchedAnew()
    {
        await using ReceiverBench bench = new();
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));

        bench.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
        Assert.Single(bench.Host.Asked);

        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
        Assert.Equal(2, bench.Host.Asked.Count);

        bench.Clock.Advance(TimeSpan.FromHours(24));
        bench.Host.Answer(bench.Signer.KeyPath, HttpStatusCode.InternalServerError);
        Assert.Equal(WebhookRefusal.KeyUnavailable, await bench.VerifyAsync(ReceiverBench.Published));
    }

    [Fact]
    public async Task Verify_KeyRotatedInTheMiddle_TakesTheNewOneAtOnceAndNotTheOldOne()
    {
        await using ReceiverBench bench = new();
        WebhookSignatures old = bench.Signer.SignBody(s_body);
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, old));

        using WebhookSigner renewed = new(bench.Signer.KeyPath);
        bench.Host.Serve(renewed);

        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, renewed.SignBody(s_body)));
        Assert.Equal(WebhookRefusal.InvalidSignature, await bench.VerifyAsync(ReceiverBench.Published, old));
    }

    [Fact]
    public async Task Verify_KeyThatIsTakenAway_IsNotUsedAnyMore()
    {
        await using ReceiverBench bench = new();
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
        bench.Host.Answer(bench.Signer.KeyPath, HttpStatusCode.NotFound);
        using WebhookSigner forger = new(bench.Signer.KeyPath);
        Assert.Equal(WebhookRefusal.InvalidSignature, await bench.VerifyAsync(ReceiverBench.Published, forger.SignBody(s_body)));

        Assert.Equal(WebhookRefusal.InvalidSignature, await bench.VerifyAsync(ReceiverBench.Published));
    }

    [Fact]
    public async Task Verify_StormOfForgeriesUnderAKnownKey_AsksTheHostNowAndThenAndStaysUndecided()
    {
        await using ReceiverBench bench = new();
        using WebhookSigner forger = new(bench.Signer.KeyPath);
        WebhookSignatures forged = forger.SignBody(s_body);
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));

        List<WebhookRefusal?> refusals = [];
        for (int i = 0; i < 200; i++)
        {
            refusals.Add(await bench.VerifyAsync(ReceiverBench.Published, forged));
        }

        // Once the limit of key requests is reached, the key may have been replaced, so the status must not be 4xx.
        int refused = refusals.Count(refusal => refusal == WebhookRefusal.InvalidSignature);
        Assert.InRange(refused, 5, 20);
        Assert.Equal(200 - refused, refusals.Count(refusal => refusal == WebhookRefusal.KeyUnavailable));
        Assert.Equal(refused + 1, bench.Host.Asked.Count);
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
    }

    [Fact]
    public async Task Verify_StormOfInventedKeys_IsBoundedAndHarmsNotTheKeysInUse()
    {
        await using ReceiverBench bench = new();
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
        WebhookSignatures signatures = bench.Signer.SignBody(s_body);
        for (int i = 0; i < 200; i++)
        {
            Assert.NotNull(await bench.VerifyAsync(ReceiverBench.Published, signatures with { KeyPath1 = $"/prod/keys/pub-key-{i}.pem" }));
        }

        Assert.InRange(bench.Host.Asked.Count, 2, 60);

        // The limit for unknown key paths is reached, but a key in use is still requested.
        using WebhookSigner renewed = new(bench.Signer.KeyPath);
        bench.Host.Serve(renewed);
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, renewed.SignBody(s_body)));
    }

    [Fact]
    public async Task Verify_MoreRealKeysThanAreKept_DoesNotDriveOutTheOneInUse()
    {
        await using ReceiverBench bench = new();
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
        WebhookSignatures signatures = bench.Signer.SignBody(s_body);
        using WebhookSigner other = new();
        for (int i = 0; i < 19; i++)
        {
            bench.Host.Answer($"/prod/keys/pub-key-{i}.pem", HttpStatusCode.OK, other.PublicKeyPem);
            Assert.Equal(WebhookRefusal.InvalidSignature, await bench.VerifyAsync(ReceiverBench.Published, signatures with { KeyPath1 = $"/prod/keys/pub-key-{i}.pem" }));
        }

        int asked = bench.Host.Asked.Count;
        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published));
        Assert.Equal(asked, bench.Host.Asked.Count);
    }

    [Fact]
    public async Task Verify_CallerThatGivesUp_LeavesTheFetchToTheOthers()
    {
        await using ReceiverBench bench = new();
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Host.Answer(bench.Signer.KeyPath, async _ =>
        {
            await open.Task;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(bench.Signer.PublicKeyPem) };
        });
        using CancellationTokenSource source = new();
        Task<WebhookAnswer> first = bench.DeliverAsync(ReceiverBench.Published, cancellationToken: source.Token);
        Task<WebhookRefusal?> second = bench.VerifyAsync(ReceiverBench.Published);

        await source.CancelAsync();
        Assert.Equal(503, (await first).StatusCode);
        open.SetResult();

        Assert.Null(await second);
        Assert.Single(bench.Host.Asked);
    }

    [Fact]
    public async Task Verify_FetchOfOneKeyThrowsWhateverItLikes_TakesTheOther()
    {
        await using ReceiverBench bench = new();
        const string broken = "/prod/keys/pub-key-broken.pem";
        bench.Host.Answer(broken, static _ => throw new InvalidOperationException("A handler of the user's own."));
        WebhookSignatures signatures = bench.Signer.SignBody(s_body);

        Assert.Null(await bench.VerifyAsync(ReceiverBench.Published, signatures with { KeyPath1 = broken, Signature2 = signatures.Signature1, KeyPath2 = bench.Signer.KeyPath }));
        Assert.Equal(WebhookRefusal.KeyUnavailable, await bench.VerifyAsync(ReceiverBench.Published, signatures with { KeyPath1 = broken, Signature2 = null, KeyPath2 = null }));
    }

    [Fact]
    public async Task Dispose_WhileAKeyIsFetched_EndsTheFetch()
    {
        ReceiverBench bench = new();
        bench.Host.Answer(bench.Signer.KeyPath, async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return new HttpResponseMessage(HttpStatusCode.OK);
        });
        Task<WebhookRefusal?> waiting = bench.VerifyAsync(ReceiverBench.Published);

        await bench.DisposeAsync();

        Assert.Equal(WebhookRefusal.KeyUnavailable, await waiting);
    }
}
