using System.Net;
using AssetCompute.Client.Tests.Time;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator.Tests;

public sealed class WebhookChallengeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Challenge_answered_as_text_or_as_JSON_makes_active()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        var asText = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        receiver.AnswerChallenge = (context, challenge) => context.Response.WriteAsJsonAsync(new { challenge });
        var asJson = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = new Uri(receiver.Url + "?tenant=1") }, Cancellation);

        Assert.Equal(EventRegistrationStatus.Active, asText.Status);
        Assert.Equal(EventRegistrationStatus.Active, asJson.Status);
        Assert.Null(asJson.StatusReason);
        Assert.Empty(receiver.Calls);
    }

    [Fact]
    public async Task Wrong_answer_is_sent_a_validation_url_that_makes_active_within_five_minutes()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerChallenge = (context, _) => context.Response.WriteAsync("Hello");
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        Assert.Equal(EventRegistrationStatus.PendingValidation, registration.Status);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        var url = new Uri(Assert.Single(receiver.Calls).Json["validationUrl"]!.GetValue<string>());

        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        using var http = new HttpClient();
        using var wrong = await http.GetAsync(url.AbsoluteUri[..^1] + "_", Cancellation);
        using var right = await http.GetAsync(url, Cancellation);
        using var again = await http.GetAsync(url, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await WebhookDeliveryTests.DeliveredAsync(registration);

        Assert.Equal("/csm/registrations/validate", url.AbsolutePath);
        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.BadRequest], new[] { wrong.StatusCode, right.StatusCode, again.StatusCode });
        Assert.Equal(EventRegistrationStatus.Active, registration.Status);
        Assert.Single(registration.Attempts);
        Assert.Equal(2, registration.JournalCount);
    }

    [Fact]
    public async Task Validation_url_that_nobody_gets_disables_after_five_minutes()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerChallenge = (context, _) => context.Response.WriteAsync("Hello");
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        var url = receiver.Calls.Single().Json["validationUrl"]!.GetValue<string>();

        clock.Advance(TimeSpan.FromMinutes(5));

        using var http = new HttpClient();
        using var late = await http.GetAsync(url, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        Assert.Equal(EventRegistrationStatus.Disabled, registration.Status);
        Assert.NotNull(registration.StatusReason);
    }

    [Theory]
    [InlineData("{0}", "text/plain")]
    [InlineData("\n  {0}\r\n", "text/plain")]
    [InlineData("\"{0}\"", "text/plain")]
    [InlineData("\"{0}\"", "application/json")]
    [InlineData("{{\"challenge\":\"{0}\"}}", "application/json")]
    [InlineData("{{\"challenge\":\"{0}\",\"more\":1}}", "text/plain")]
    public async Task Challenge_in_any_of_its_forms_is_met_without_a_POST(string form, string contentType)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(500);
        receiver.AnswerChallenge = (context, challenge) =>
        {
            context.Response.ContentType = contentType;
            return context.Response.WriteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, challenge));
        };

        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);

        Assert.Equal(EventRegistrationStatus.Active, registration.Status);
        Assert.Empty(receiver.Calls);
    }

    [Theory]
    [InlineData(405, 200, EventRegistrationStatus.PendingValidation)]
    [InlineData(404, 200, EventRegistrationStatus.PendingValidation)]
    [InlineData(500, 200, EventRegistrationStatus.PendingValidation)]
    [InlineData(200, 200, EventRegistrationStatus.PendingValidation)]
    [InlineData(405, 405, EventRegistrationStatus.Disabled)]
    [InlineData(200, 500, EventRegistrationStatus.Disabled)]
    [InlineData(200, 204, EventRegistrationStatus.Disabled)]
    public async Task Challenge_that_is_not_met_is_posted_and_the_POST_must_be_answered_200(int get, int post, EventRegistrationStatus expected)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(post);
        receiver.AnswerChallenge = (context, _) =>
        {
            context.Response.StatusCode = get;
            return Task.CompletedTask;
        };

        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);

        Assert.Equal(expected, registration.Status);
        Assert.Contains(get == 200 ? "is not the challenge" : $"{get}", registration.StatusReason, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(receiver.Calls).Json["validationUrl"]);
        if (post != 200)
        {
            Assert.Contains($"status {post}", registration.StatusReason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Validation_url_that_is_got_before_the_POST_is_answered_makes_active()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        using var http = new HttpClient();
        receiver.AnswerChallenge = (_, _) => Task.CompletedTask;
        receiver.Answer = async (call, cancellation) =>
        {
            using var got = await http.GetAsync(call.Json["validationUrl"]!.GetValue<string>(), cancellation);
            return (int)got.StatusCode == 200 ? 503 : 500;
        };

        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);

        Assert.Equal(503, Assert.Single(receiver.Calls).Status);
        Assert.Equal(EventRegistrationStatus.Active, registration.Status);
    }

    [Fact]
    public async Task Webhook_that_refuses_is_disabled_until_it_is_enabled()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerAll(404);
        receiver.AnswerChallenge = (context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        Assert.Equal(EventRegistrationStatus.Disabled, registration.Status);
        Assert.Contains("404", registration.StatusReason, StringComparison.Ordinal);

        receiver.AnswerAll(200);
        receiver.AnswerChallenge = (context, challenge) => context.Response.WriteAsync(challenge);
        using var enabled = await client.Http.PostAsync($"/emulator/aem/registrations/{registration.Id}/enable", null, Cancellation);
        await WebhookDeliveryTests.PublishAsync(emulator, 1);
        await WebhookDeliveryTests.DeliveredAsync(registration);

        Assert.Equal("Active", (await ServiceClient.JsonAsync(enabled))["status"]!.GetValue<string>());
        Assert.Equal([404, 200], receiver.Calls.Select(call => call.Status));
        Assert.Equal(2, registration.JournalCount);
    }

    [Fact]
    public async Task Webhook_that_cannot_be_reached_is_disabled()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        var url = receiver.Url;
        await receiver.DisposeAsync();

        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = url }, Cancellation);

        Assert.Equal(EventRegistrationStatus.Disabled, registration.Status);
        Assert.NotEmpty(registration.StatusReason!);
    }

    [Fact]
    public async Task Webhook_on_a_host_that_is_not_allowed_is_refused()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);

        await Assert.ThrowsAsync<ArgumentException>(() => emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = new Uri("https://example.com/hook") }, Cancellation));

        Assert.Empty(emulator.Aem.Registrations);
    }

    [Fact]
    public async Task Registration_that_was_given_up_during_its_challenge_is_not_there()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        receiver.AnswerChallenge = async (context, _) =>
        {
            await givenUp.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, givenUp.Token));

        Assert.Empty(emulator.Aem.Registrations);
    }

    [Fact]
    public async Task Restart_goes_on_delivering_to_a_webhook_that_was_active_and_not_to_one_that_was_disabled()
    {
        using var folder = new TempFolder();
        await using var receiver = await WebhookReceiver.StartAsync();
        string active, disabled;
        await using (var first = await AssetComputeEmulator.StartAsync(options => options.DataFolder = folder.Path, Cancellation))
        {
            active = (await first.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation)).Id;
            var other = await first.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
            other.Disable();
            disabled = other.Id;
        }

        await using var second = await AssetComputeEmulator.StartAsync(options => options.DataFolder = folder.Path, Cancellation);
        await WebhookDeliveryTests.PublishAsync(second, 1);
        await WebhookDeliveryTests.DeliveredAsync(second.Aem.Registrations.Find(active)!);

        Assert.Equal(EventRegistrationStatus.Disabled, second.Aem.Registrations.Find(disabled)!.Status);
        Assert.Single(receiver.Calls);
    }
}
