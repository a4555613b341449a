using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed partial class FaultTests
{
    [Theory]
    [InlineData(WireSpelling.Code, """{"ok":false,"error_code":"429050","message":"Too many requests"}""")]
    [InlineData(WireSpelling.Documentation, "")]
    public async Task Rate_limit_answers_429_until_the_bucket_has_filled(WireSpelling spelling, string body)
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.TimeProvider = clock;
                options.Spelling = spelling;
            },
            Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.LimitRate(EmulatorOperation.Process, perSecond: 0.5, burst: 2);
        Task<HttpResponseMessage> ProcessAsync() => client.PostAsync("/process", new JsonObject());

        using var first = await ProcessAsync();
        using var second = await ProcessAsync();
        using var third = await ProcessAsync();
        clock.Advance(TimeSpan.FromSeconds(2));
        using var fourth = await ProcessAsync();
        using var fifth = await ProcessAsync();

        Assert.Equal([400, 400, 429, 400, 429], new[] { first, second, third, fourth, fifth }.Select(response => (int)response.StatusCode));
        Assert.Equal("2", third.Headers.GetValues("Retry-After").Single());
        Assert.Equal(body, await third.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Window_lets_so_many_calls_through_in_each_span_from_the_first_call_on()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.LimitWindow(EmulatorOperation.Process, calls: 2, TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(7));
        Task<HttpResponseMessage> ProcessAsync() => client.PostAsync("/process", new JsonObject());

        using var first = await ProcessAsync();
        clock.Advance(TimeSpan.FromSeconds(3.5));
        using var second = await ProcessAsync();
        using var third = await ProcessAsync();
        clock.Advance(TimeSpan.FromSeconds(6.5));
        using var fourth = await ProcessAsync();

        Assert.Equal([400, 400, 429, 400], new[] { first, second, third, fourth }.Select(response => (int)response.StatusCode));
        Assert.Equal("7", third.Headers.GetValues("Retry-After").Single());
        Assert.Equal("window limit", emulator.Calls.Of(EmulatorOperation.Process).ElementAt(2).Fault);
    }

    [Fact]
    public async Task Concurrency_is_limited_while_calls_are_worked_on_and_no_longer()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.LimitConcurrency(EmulatorOperation.Process, calls: 2);
        emulator.Faults.Share(EmulatorOperation.Process, 1, EmulatorFault.Late(TimeSpan.FromSeconds(5)));
        Task<HttpResponseMessage> ProcessAsync() => client.PostAsync("/process", new JsonObject());

        for (var round = 0; round < 2; round++)
        {
            var inProgress = new[] { ProcessAsync(), ProcessAsync() };
            while (clock.ActiveTimers < 2)
            {
                await Task.Delay(1, Cancellation);
            }

            using var refused = await ProcessAsync();
            clock.Advance(TimeSpan.FromSeconds(5));
            foreach (var response in await Task.WhenAll(inProgress))
            {
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
                response.Dispose();
            }

            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        }
    }

    [Fact]
    public async Task Call_whose_caller_has_gone_gives_its_place_back()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        emulator.Faults.LimitConcurrency(EmulatorOperation.Process, calls: 1);
        emulator.Faults.Share(EmulatorOperation.Process, 1, EmulatorFault.Reset());

        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("/process", new JsonObject()));

        // The caller observes the reset shortly before the emulator releases the slot, so the emulator can refuse calls until then.
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                using var refused = await client.PostAsync("/process", new JsonObject());
                await Task.Delay(10, Cancellation);
            }
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4.0)]
    public async Task Every_limit_can_be_without_Retry_After(double? seconds)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var (retryAfter, sends) = (seconds is { } value ? TimeSpan.FromSeconds(value) : default(TimeSpan?), seconds is not null);
        emulator.Faults.LimitRate(EmulatorOperation.Register, 0.001, 1, retryAfter, sends);
        emulator.Faults.LimitWindow(EmulatorOperation.Unregister, 1, TimeSpan.FromHours(1), retryAfter, sends);
        emulator.Faults.LimitConcurrency(EmulatorOperation.Process, 1, retryAfter, sends);
        emulator.Faults.Share(EmulatorOperation.Process, 1, EmulatorFault.Late(TimeSpan.FromMinutes(1)));

        var answers = new List<HttpResponseMessage>();
        foreach (var path in new[] { "/register", "/unregister" })
        {
            using var passed = await client.PostAsync(path);
            answers.Add(await client.PostAsync(path));
        }

        var held = client.PostAsync("/process", new JsonObject());
        await emulator.Calls.WaitAsync(call => call is { Operation: EmulatorOperation.Process, Fault: not null }, Cancellation);
        answers.Add(await client.PostAsync("/process", new JsonObject()));

        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.Equal(seconds is null ? null : "4", answer.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null);
            answer.Dispose();
        }

        Assert.False(held.IsCompleted);
    }

    [Fact]
    public async Task Limit_comes_before_a_share_and_values_out_of_range_are_refused()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var faults = emulator.Faults;
        faults.Share(EmulatorOperation.Register, 1, EmulatorFault.Answer(500));
        faults.LimitRate(EmulatorOperation.Register, 0.001, 1);

        using var shared = await client.PostAsync("/register");
        using var limited = await client.PostAsync("/register");

        Assert.Equal([500, 429], new[] { shared, limited }.Select(response => (int)response.StatusCode));
        var (any, fault) = (EmulatorOperation.Register, EmulatorFault.Answer(500));
        Assert.Throws<ArgumentOutOfRangeException>(() => faults.LimitConcurrency(any, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => faults.LimitWindow(any, 0, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => faults.LimitWindow(any, 1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => faults.Add(any, fault with { From = TimeSpan.FromSeconds(-1), Until = TimeSpan.FromSeconds(1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => faults.Add(any, fault with { From = TimeSpan.FromSeconds(1), Until = TimeSpan.FromSeconds(1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => faults.Add(any, fault with { Until = TimeSpan.FromSeconds(1), Share = 2 }));
    }
}
