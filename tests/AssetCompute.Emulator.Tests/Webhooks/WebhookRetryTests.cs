using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed partial class WebhookRetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_delivery_comes_again_after_1_2_4_8_15_15_minutes_for_24_hours_and_is_then_dropped()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock, options => options.Webhooks.UnstablePeriod = TimeSpan.FromDays(30));
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(503);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        var start = clock.GetUtcNow();
        await WebhookDeliveryTests.PublishAsync(emulator, 1);

        // 1 + 2 + 4 + 8 minutes, then 95 intervals of 15 minutes. The last one completes the 24 hours.
        const int all = 100;
        for (var count = 1; count < all; count++)
        {
            await AttemptedAsync(registration, count);
            var next = registration.Attempts[^1].NextAttemptAt!.Value;
            clock.Advance(next - clock.GetUtcNow() - TimeSpan.FromTicks(1));
            Assert.Equal(count, receiver.Calls.Count);
            clock.Advance(TimeSpan.FromTicks(1));
        }

        await AttemptedAsync(registration, all);
        var minutes = registration.Attempts.Select(attempt => (attempt.Time - start).TotalMinutes).ToArray();
        Assert.Equal([0, 1, 3, 7, 15, 30, 45, 60], minutes[..8]);
        Assert.Equal(24 * 60, minutes[^1]);
        Assert.Equal(Enumerable.Range(0, all), receiver.Calls.Select(call => call.RetryCount));
        Assert.Equal("1", receiver.Calls[1].Headers["x-adobe-retry-count"]);
        Assert.Single(receiver.Calls.Select(call => call.Headers["x-adobe-delivery-id"]).Distinct());
        Assert.Single(receiver.Calls.Select(call => call.Headers["x-adobe-event-id"]).Distinct());
        Assert.Equal(all, receiver.Calls.Select(call => call.Headers["x-request-id"]).Distinct().Count());
        Assert.All(registration.Attempts.SkipLast(1), attempt => Assert.Equal(WebhookOutcome.Retrying, attempt.Outcome));
        Assert.Equal(WebhookOutcome.Dropped, registration.Attempts[^1].Outcome);
        Assert.Equal(0, registration.PendingEvents);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(599, true)]
    [InlineData(505, false)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(302, false)]
    public async Task Status_decides_whether_a_delivery_comes_again_or_is_dropped(int status, bool comesAgain)
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(status);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await AttemptedAsync(registration, 1);

        receiver.AnswerAll(200);
        clock.Advance(TimeSpan.FromMinutes(1));
        await WebhookDeliveryTests.DeliveredAsync(registration);

        Assert.Equal(status, registration.Attempts[0].Status);
        Assert.Equal(comesAgain ? WebhookOutcome.Retrying : WebhookOutcome.Dropped, registration.Attempts[0].Outcome);
        Assert.Equal(comesAgain ? [status, 200] : [status], receiver.Calls.Select(call => call.Status));
    }

    [Fact]
    public async Task Webhook_that_does_not_answer_in_time_or_at_all_gets_the_delivery_again()
    {
        var clock = new FakeTimeProvider();
        EmulatorWebhookOptions webhooks = null!;
        await using var emulator = await StartAsync(clock, options => webhooks = options.Webhooks);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = async (call, cancellation) =>
        {
            await Task.Delay(call.RetryCount == 0 ? Timeout.Infinite : 0, cancellation);
            return 200;
        };
        var slow = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);

        // Short for the attempt that must time out. All other attempts have a long timeout, so that they succeed on a busy machine.
        webhooks.Timeout = TimeSpan.FromMilliseconds(200);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await AttemptedAsync(slow, 1);
        webhooks.Timeout = ServiceClient.Patience;
        clock.Advance(TimeSpan.FromMinutes(1));
        await AttemptedAsync(slow, 2);
        emulator.Aem.Registrations.Remove(slow.Id);
        await using var gone = await WebhookReceiver.StartAsync();
        var absent = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = gone.Url }, Cancellation);
        await gone.DisposeAsync();
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await AttemptedAsync(absent, 1);

        Assert.Equal([null, 200], slow.Attempts.Select(attempt => attempt.Status));
        Assert.Equal("No answer within 0.2 s.", slow.Attempts[0].Problem);
        Assert.Equal(WebhookOutcome.Delivered, slow.Attempts[1].Outcome);
        Assert.Null(absent.Attempts[0].Status);
        Assert.NotEmpty(absent.Attempts[0].Problem!);
        Assert.Equal(WebhookOutcome.Retrying, absent.Attempts[0].Outcome);
    }

    [Fact]
    public async Task Webhook_down_for_an_hour_gets_everything_when_it_is_back()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(503);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 30);
        await AttemptedAsync(registration, 30);
        for (var minute = 1; minute <= 60; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            var attempts = 30 * (1 + new[] { 1, 3, 7, 15, 30, 45, 60 }.Count(due => due <= minute));
            await AttemptedAsync(registration, attempts);
        }

        receiver.AnswerAll(200);
        clock.Advance(TimeSpan.FromMinutes(15));
        await WebhookDeliveryTests.DeliveredAsync(registration);

        Assert.Equal(30, receiver.Accepted.Select(envelope => envelope["id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(30 * 9, receiver.Calls.Count);
    }

    [Fact]
    public async Task Retry_lifetime_is_neither_paused_nor_begun_again_by_disabling()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(503);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await AttemptedAsync(registration, 1);
        registration.Disable();

        for (var count = 1; registration.Attempts[^1].NextAttemptAt is { } next; count++)
        {
            clock.Advance(next - clock.GetUtcNow());
            await AttemptedAsync(registration, count + 1);
        }

        Assert.Equal(WebhookOutcome.Dropped, registration.Attempts[^1].Outcome);
        Assert.Equal(TimeSpan.FromHours(24), registration.Attempts[^1].Time - registration.Attempts[0].Time);
        Assert.Equal(EventRegistrationStatus.Disabled, registration.Status);
    }

    [Fact]
    public async Task Emulator_stops_while_a_deleted_registration_has_retries_to_make()
    {
        var clock = new FakeTimeProvider();
        var emulator = await StartAsync(clock);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(503);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await AttemptedAsync(registration, 1);
        emulator.Aem.Registrations.Remove(registration.Id);

        await emulator.DisposeAsync().AsTask().WaitAsync(ServiceClient.Patience, Cancellation);

        Assert.Single(receiver.Calls);
    }

    [Fact]
    public async Task Condition_that_throws_ends_its_own_waiting_and_deliveries_go_on()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(503);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        var asked = 0;
        var failing = registration.WaitAsync(_ => asked++ > 0 ? throw new FormatException() : false, Cancellation);
        var first = AttemptedAsync(registration, 1);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);

        await Assert.ThrowsAsync<FormatException>(() => failing.WaitAsync(ServiceClient.Patience, Cancellation));
        await first;
        receiver.AnswerAll(200);
        clock.Advance(TimeSpan.FromMinutes(1));
        await WebhookDeliveryTests.DeliveredAsync(registration);

        Assert.Equal([503, 200], registration.Attempts.Select(attempt => attempt.Status));
    }

    private static Task AttemptedAsync(EventRegistration registration, int count) =>
        registration.WaitAsync(it => it.Attempts.Count >= count, Cancellation).WaitAsync(ServiceClient.Patience, Cancellation);

    private static Task<AssetComputeEmulator> StartAsync(FakeTimeProvider clock, Action<AssetComputeEmulatorOptions>? configure = null) => AssetComputeEmulator.StartAsync(
        options =>
        {
            options.TimeProvider = clock;
            configure?.Invoke(options);
        },
        Cancellation);
}
