using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed partial class WebhookRetryTests
{
    [Fact]
    public async Task Four_of_five_failures_make_unstable_and_disabled_after_24_hours_while_the_journal_goes_on()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        await using var receiver = await WebhookReceiver.StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 2);
        await AttemptedAsync(registration, 2);
        receiver.AnswerAll(404);
        await WebhookDeliveryTests.PublishAsync(emulator, 7);
        await AttemptedAsync(registration, 9);
        Assert.Equal(EventRegistrationStatus.Active, registration.Status);

        // The eighth failure of ten attempts marks the registration as unstable.
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await AttemptedAsync(registration, 10);
        Assert.Equal(EventRegistrationStatus.Unstable, registration.Status);

        // 24 hours is the default period.
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        await WebhookDeliveryTests.PublishAsync(emulator, 8);
        await AttemptedAsync(registration, 18);
        Assert.Equal(EventRegistrationStatus.Unstable, registration.Status);
        clock.Advance(TimeSpan.FromTicks(1));
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await AttemptedAsync(registration, 19);
        Assert.Equal(EventRegistrationStatus.Disabled, registration.Status);

        receiver.AnswerAll(200);
        await WebhookDeliveryTests.PublishAsync(emulator, 5);
        await client.SignInAsync();
        Assert.Equal(24, (await AemEventTests.EventsAsync(client, registration)).Count);
        Assert.Equal(19, receiver.Calls.Count);
        Assert.Equal(0, registration.PendingEvents);

        Assert.Equal(EventRegistrationStatus.Active, await registration.EnableAsync(Cancellation));
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await AttemptedAsync(registration, 20);
        Assert.Equal(EventRegistrationStatus.Active, registration.Status);
        Assert.Equal(20, receiver.Calls.Count);
    }

    [Fact]
    public async Task Unstable_registration_whose_webhook_recovers_is_active_again()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(503);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 10);
        await AttemptedAsync(registration, 10);
        Assert.Equal(EventRegistrationStatus.Unstable, registration.Status);

        receiver.AnswerAll(200);
        clock.Advance(TimeSpan.FromMinutes(1));
        await WebhookDeliveryTests.DeliveredAsync(registration);

        Assert.Equal(EventRegistrationStatus.Active, registration.Status);
        Assert.Null(registration.StatusReason);
        Assert.Equal(20, registration.Attempts.Count);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("deleted")]
    [InlineData("disabled and enabled again")]
    [InlineData("enabled again")]
    [InlineData("waiting for its validation")]
    public async Task Retries_run_whatever_becomes_of_the_registration_and_new_events_are_not_delivered(string change)
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(503);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 3);
        await AttemptedAsync(registration, 3);
        var isEnabled = change.EndsWith("again", StringComparison.Ordinal);
        receiver.AnswerAll(200);
        switch (change)
        {
            case "deleted":
                Assert.True(emulator.Aem.Registrations.Remove(registration.Id));
                break;
            case "waiting for its validation":
                receiver.AnswerChallenge = (_, _) => Task.CompletedTask;
                Assert.Equal(EventRegistrationStatus.PendingValidation, await registration.EnableAsync(Cancellation));
                break;
            default:
                if (change.StartsWith("disabled", StringComparison.Ordinal))
                {
                    registration.Disable();
                }

                if (isEnabled)
                {
                    Assert.Equal(EventRegistrationStatus.Active, await registration.EnableAsync(Cancellation));
                }

                break;
        }

        var status = registration.Status;
        await WebhookDeliveryTests.PublishAsync(emulator, 2);
        Assert.Equal(isEnabled ? 5 : 3, registration.PendingEvents + (registration.Attempts.Count - 3));
        clock.Advance(TimeSpan.FromMinutes(1));
        await AttemptedAsync(registration, isEnabled ? 8 : 6);

        Assert.Equal(status, registration.Status);
        Assert.Equal(0, registration.PendingEvents);
        Assert.Equal([1, 1, 1], receiver.Calls.Where(call => call.Status == 200 && call.RetryCount > 0).Select(call => call.RetryCount));
        Assert.Equal(isEnabled ? 5 : 3, receiver.Accepted.Count(envelope => envelope["id"] is not null));
        Assert.Equal(change == "deleted" ? 3 : 5, registration.JournalCount);
    }

    [Fact]
    public async Task Nine_failures_are_too_few_for_unstable_and_those_of_the_day_before_do_not_count()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await StartAsync(clock);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(404);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 9);
        await AttemptedAsync(registration, 9);
        Assert.Equal(EventRegistrationStatus.Active, registration.Status);

        clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromTicks(1));
        await WebhookDeliveryTests.PublishAsync(emulator, 9);
        await AttemptedAsync(registration, 18);
        Assert.Equal(EventRegistrationStatus.Active, registration.Status);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await AttemptedAsync(registration, 19);
        Assert.Equal(EventRegistrationStatus.Unstable, registration.Status);
    }

    [Fact]
    public async Task Removed_registration_cannot_be_enabled_again()
    {
        await using var emulator = await StartAsync(new FakeTimeProvider());
        await using var receiver = await WebhookReceiver.StartAsync();
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);

        Assert.True(emulator.Aem.Registrations.Remove(registration.Id));

        Assert.Equal(EventRegistrationStatus.Disabled, await registration.EnableAsync(Cancellation));
    }
}
