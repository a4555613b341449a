using System.Net;

namespace AssetCompute.Client.Tests.Http.Throttling;

public sealed partial class ThrottleStrategyTests
{
    [Fact]
    public async Task Cancelled_while_it_waits_ends_at_once_and_gives_its_turn_away()
    {
        using CancellationTokenSource cancellation = new();
        await ShutAsync();
        Task<HttpStatusCode> cancelled = SendAsync(HttpStatusCode.OK, cancellationToken: cancellation.Token);
        Task<HttpStatusCode> next = SendAsync(HttpStatusCode.OK);

        await cancellation.CancelAsync();

        // The clock does not advance, so only the cancellation can end the wait.
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.InTimeAsync("the wait ended"));
        Assert.Equal(cancellation.Token, exception.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(2));
        await next.InTimeAsync("the next call left");
    }

    [Fact]
    public async Task Cancelled_beforehand_is_not_sent()
    {
        await ShutAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(HttpStatusCode.OK, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Dispose_ends_the_waits()
    {
        await ShutAsync();
        Task<HttpStatusCode> waiting = SendAsync(HttpStatusCode.OK);

        _throttle.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.InTimeAsync("the wait ended"));
        ObjectDisposedException exception = await Assert.ThrowsAsync<ObjectDisposedException>(() => SendAsync(HttpStatusCode.OK));
        Assert.Equal(nameof(AssetComputeClient), exception.ObjectName);
    }

    [Fact]
    public async Task Call_that_fails_or_is_cancelled_under_way_frees_its_place()
    {
        using Throttle throttle = NewThrottle(new AssetComputeThrottlingOptions { MaxConcurrentRequests = 1 });
        TaskCompletionSource<HttpStatusCode> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<HttpStatusCode> first = SendAsync(_ => answer.Task, throttle: throttle);
        Task<HttpStatusCode> second = SendAsync(_ => throw new OperationCanceledException(), throttle: throttle);
        Task<HttpStatusCode> third = SendAsync(HttpStatusCode.OK, throttle: throttle);
        Assert.False(second.IsCompleted);

        answer.SetException(new IOException("broken"));

        await Assert.ThrowsAsync<IOException>(() => first.InTimeAsync("the first call failed"));
        await Assert.ThrowsAsync<OperationCanceledException>(() => second.InTimeAsync("the second call ended"));
        await third.InTimeAsync("the third call left");
        Assert.Equal(0, throttle.InFlight);
    }
}
