using System.Text;

namespace AssetCompute.Client.Tests.Webhooks;

public sealed partial class WebhookReceiverTests
{
    [Fact]
    public async Task Receive_BodyOfTheLimit_IsTakenAndOneByteMoreIs413()
    {
        await using ReceiverBench bench = new(options => options.MaxBodyBytes = 2000);
        string full = ReceiverBench.Published.PadRight(2000);

        Assert.Equal(200, (await bench.DeliverAsync(full, cancellationToken: TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(413, (await bench.DeliverAsync(full + " ", cancellationToken: TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Receive_LargeBodyInSmallPieces_IsVerifiedAsAWhole()
    {
        await using ReceiverBench bench = new();
        string body = $"[{string.Join(',', Enumerable.Range(0, 20).Select(number => $$"""{"id":"{{number}}","recipientclientid":"me","data":"{{new string('x', 90_000)}}"}"""))}]";
        byte[] bytes = Encoding.UTF8.GetBytes(body);

        WebhookAnswer answer = await bench.ReceiveAsync(new DripStream(bytes, 1000), bench.Signer.SignBody(bytes), TestContext.Current.CancellationToken);

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal(20, bench.Handler.Events.Count);
        Assert.All(bench.Handler.Events, received => Assert.InRange(received.Raw.Length, 90_000, 91_000));
    }

    [Fact]
    public async Task Receive_MoreAtOnceThanAllowed_Is503AtOnceAndTheNextAfterOneHasEndedIsTaken()
    {
        await using ReceiverBench bench = new(options => options.MaxConcurrentDeliveries = 2);
        using CancellationTokenSource first = new();
        using CancellationTokenSource second = new();
        Task<WebhookAnswer>[] stalled = [.. new[] { first, second }.Select(source => bench.ReceiveAsync(new DripStream([], 0), new WebhookSignatures(), source.Token))];

        WebhookAnswer beyond = await bench.DeliverAsync(ReceiverBench.Published, cancellationToken: TestContext.Current.CancellationToken);
        WebhookAnswer again = await bench.DeliverAsync(ReceiverBench.Published, cancellationToken: TestContext.Current.CancellationToken);
        await first.CancelAsync();
        await stalled[0].InTimeAsync("the delivery is given up");
        WebhookAnswer next = await bench.DeliverAsync(ReceiverBench.Published, cancellationToken: TestContext.Current.CancellationToken);
        await second.CancelAsync();
        await stalled[1].InTimeAsync("the delivery is given up");

        Assert.Equal((503, 503, 200), (beyond.StatusCode, again.StatusCode, next.StatusCode));
        Assert.Equal(TimeSpan.FromMinutes(1), beyond.RetryAfter);
        Assert.Single(bench.Handler.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Receive_HandlerThatTakesTooLong_Is503InTime(bool obeys)
    {
        ReceiverBench bench = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationToken seen = default;
        bench.Handler.Before = async token =>
        {
            seen = token;
            begun.SetResult();
            await (obeys ? Task.Delay(Timeout.InfiniteTimeSpan, token) : release.Task);
        };

        Task<WebhookAnswer> answer = bench.DeliverAsync(ReceiverBench.Published, cancellationToken: TestContext.Current.CancellationToken);
        await begun.Task.InTimeAsync("the handler begins");
        bench.Clock.Advance(TimeSpan.FromSeconds(8) - TimeSpan.FromTicks(1));
        Assert.False(answer.IsCompleted);
        bench.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(503, (await answer).StatusCode);
        Assert.True(seen.IsCancellationRequested);

        // Disposing waits for a handler that has started.
        Task disposed = bench.DisposeAsync().AsTask();
        Assert.True(obeys || !disposed.IsCompleted);
        release.SetResult();
        await disposed;
        Assert.Equal(obeys ? 0 : 1, bench.Handler.Events.Count);
    }

    [Fact]
    public async Task Receive_BodyThatStopsComing_Is503InTime()
    {
        await using ReceiverBench bench = new();
        Task<WebhookAnswer> answer = bench.ReceiveAsync(new DripStream([], 0), new WebhookSignatures(), TestContext.Current.CancellationToken);

        bench.Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(503, (await answer).StatusCode);
    }
}
