using System.Net;
using AssetCompute.Client.Http;
using AssetCompute.Client.Http.Resilience;
using AssetCompute.Client.Http.Throttling;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;

namespace AssetCompute.Client.Tests.Http.Throttling;

public sealed partial class ThrottleStrategyTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Throttle _throttle;

    public ThrottleStrategyTests() => _throttle = NewThrottle();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _throttle.Dispose();

    [Fact]
    public async Task Shut_lets_callers_leave_in_order_with_those_that_come_back_first()
    {
        await ShutAsync();
        List<string> order = [];
        Task first = SendAsync("first");
        Task second = SendAsync("second");
        Task back = SendAsync("back", sentBefore: 1);
        Task backToo = SendAsync("back too", sentBefore: 2);
        Task third = SendAsync("third");

        foreach (Task next in (Task[])[back, backToo, first, second, third])
        {
            while (!next.IsCompleted)
            {
                // One call at a time, because a released call may not have completed yet.
                _time.Advance(_throttle.InFlight == 0 ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero);
                await Task.Yield();
            }
        }

        Assert.Equal(["back", "back too", "first", "second", "third"], order);

        Task SendAsync(string name, int sentBefore = 0) => this.SendAsync(
            _ =>
            {
                order.Add(name);
                return Task.FromResult(HttpStatusCode.OK);
            },
            sentBefore);
    }

    [Fact]
    public async Task Waiting_call_says_so_until_it_leaves()
    {
        await ShutAsync();
        HttpOperation operation = NewOperation();
        Task<HttpStatusCode> waiting = SendAsync(_ => Task.FromResult(operation.WaitsForItsTurn ? HttpStatusCode.Conflict : HttpStatusCode.OK), operation: operation);
        Assert.True(operation.WaitsForItsTurn);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.OK, await waiting.InTimeAsync("the call left"));
    }

    [Fact]
    public async Task Unavailable_service_is_neither_a_success_nor_a_refusal()
    {
        foreach (int status in (int[])[429, 429, 503, 429, 429, 500, 408, 401, 403, 429, 429, 429])
        {
            await SendAsync((HttpStatusCode)status).InTimeAsync("the call left at once");
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(_ => throw new HttpRequestException("reset")).InTimeAsync("the call left at once"));
        await SendAsync(HttpStatusCode.TooManyRequests).InTimeAsync("the call left at once");

        Task<HttpStatusCode> waiting = SendAsync(HttpStatusCode.OK);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        await waiting.InTimeAsync("the probe left");
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task Answer_of_the_service_ends_a_row_of_refusals(HttpStatusCode status)
    {
        for (int call = 0; call < 12; call++)
        {
            await SendAsync(call == 6 ? status : HttpStatusCode.TooManyRequests).InTimeAsync("the call left at once");
        }

        await SendAsync(HttpStatusCode.OK).InTimeAsync("the call left at once");
    }

    [Fact]
    public async Task Timer_keeps_nothing_of_the_call_that_made_the_throttle()
    {
        AsyncLocal<string?> ambient = new() { Value = "of the caller" };
        List<string?> seen = [];
        using Throttle throttle = NewThrottle(time: new ContextTime(() => seen.Add(ambient.Value)));
        for (int call = 0; call < 8; call++)
        {
            await SendAsync(HttpStatusCode.TooManyRequests, throttle);
        }

        await SendAsync(HttpStatusCode.OK, throttle).InTimeAsync("the timer fired");

        Assert.All(seen, Assert.Null);
        Assert.NotEmpty(seen);
        Assert.Equal("of the caller", ambient.Value);
    }

    [Fact]
    public async Task Options_that_change_apply_to_the_calls_that_wait()
    {
        using Throttle throttle = NewThrottle(new AssetComputeThrottlingOptions { MaxConcurrentRequests = 1 });
        TaskCompletionSource<HttpStatusCode> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<HttpStatusCode> first = SendAsync(_ => answer.Task, throttle: throttle);
        Task<HttpStatusCode> second = SendAsync(HttpStatusCode.OK, throttle);
        Assert.False(second.IsCompleted);

        throttle.Apply(new AssetComputeThrottlingOptions { MaxConcurrentRequests = 2 });
        await second.InTimeAsync("the second call left");

        throttle.Apply(new AssetComputeThrottlingOptions { MaxConcurrentRequests = 1 });
        Task<HttpStatusCode> third = SendAsync(HttpStatusCode.OK, throttle);
        Assert.False(third.IsCompleted);
        answer.SetResult(HttpStatusCode.OK);
        await third.InTimeAsync("the third call left");
        await first.InTimeAsync("the first call ended");
    }

    [Fact]
    public async Task Throttle_that_is_turned_off_lets_everybody_leave()
    {
        await ShutAsync();
        Task<HttpStatusCode>[] waiting = [.. Enumerable.Range(0, 30).Select(_ => SendAsync(HttpStatusCode.OK))];
        Assert.All(waiting, call => Assert.False(call.IsCompleted));

        _throttle.Apply(new AssetComputeThrottlingOptions { Enabled = false });

        await Task.WhenAll(waiting).InTimeAsync("all calls left");
    }

    [Fact]
    public async Task Many_threads_keep_to_the_places_and_lose_nobody()
    {
        using Throttle throttle = NewThrottle(new AssetComputeThrottlingOptions { MaxConcurrentRequests = 3 }, TimeProvider.System);
        int inFlight = 0;
        int tooMany = 0;
        int passed = 0;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(caller => Task.Run(
            async () =>
            {
                for (int time = 0; time < 20; time++)
                {
                    await SendAsync(
                        async _ =>
                        {
                            tooMany += Interlocked.Increment(ref inFlight) > 3 ? 1 : 0;
                            await Task.Yield();
                            Interlocked.Decrement(ref inFlight);
                            return HttpStatusCode.OK;
                        },
                        sentBefore: caller % 2,
                        throttle: throttle);
                    Interlocked.Increment(ref passed);
                }
            },
            Cancellation)));

        Assert.Equal((1000, 0, 0), (passed, tooMany, throttle.InFlight));
    }

    private static HttpOperation NewOperation(int sentBefore = 0)
    {
        HttpOperation operation = new(OperationKind.Process, null, "r", TimeProvider.System);
        for (int sent = 0; sent < sentBefore; sent++)
        {
            operation.CountAttempt();
        }

        return operation;
    }

    private Throttle NewThrottle(AssetComputeThrottlingOptions? throttling = null, TimeProvider? time = null) => new(throttling ?? new(), time ?? _time);

    private async Task ShutAsync()
    {
        for (int call = 0; call < 8; call++)
        {
            await SendAsync(HttpStatusCode.TooManyRequests);
        }
    }

    private Task<HttpStatusCode> SendAsync(HttpStatusCode status, Throttle? throttle = null, CancellationToken? cancellationToken = null) =>
        SendAsync(_ => Task.FromResult(status), throttle: throttle, cancellationToken: cancellationToken);

    private async Task<HttpStatusCode> SendAsync(
        Func<HttpOperation, Task<HttpStatusCode>> answer,
        int sentBefore = 0,
        HttpOperation? operation = null,
        Throttle? throttle = null,
        CancellationToken? cancellationToken = null)
    {
        operation ??= NewOperation(sentBefore);
        using HttpRequestMessage request = new();
        operation.AttachTo(request);
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken ?? Cancellation);
        context.SetRequestMessage(request);
        using HttpResponseMessage response = await (throttle ?? _throttle).Pipeline.ExecuteAsync(
            async _ =>
            {
                operation.CountAttempt();
                return new HttpResponseMessage(await answer(operation));
            },
            context);
        return response.StatusCode;
    }

    private sealed class Throttle : IDisposable
    {
        private static readonly AssetComputeRetryOptions s_retry = new() { UseJitter = false };
        private readonly ThrottleLaw _law;
        private readonly ThrottleQueue _queue;

        public Throttle(AssetComputeThrottlingOptions throttling, TimeProvider time)
        {
            _law = new ThrottleLaw(throttling, s_retry, static () => 1);
            _queue = new ThrottleQueue(_law, time);
            ThrottleStrategy strategy = new(_queue, time, new ResilienceTelemetry("", NullLogger.Instance));
            Pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>().AddStrategy(_ => strategy, new Options()).Build();
        }

        public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

        public int InFlight => _law.InFlight;

        public void Apply(AssetComputeThrottlingOptions throttling) => _queue.Tell((law, _) => law.Apply(throttling, s_retry));

        public void Dispose() => _queue.Dispose();
    }

    private sealed class Options : ResilienceStrategyOptions;

    /// <summary>The system clock, which reports when a timer fires.</summary>
    private sealed class ContextTime(Action fired) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
            seen =>
            {
                fired();
                callback(seen);
            },
            state,
            dueTime,
            period);
    }
}
