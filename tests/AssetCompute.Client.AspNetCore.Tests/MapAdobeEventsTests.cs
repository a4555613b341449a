using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests;
using AssetCompute.Client.Tests.Webhooks;
using AssetCompute.Client.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.AspNetCore.Tests;

public sealed partial class MapAdobeEventsTests
{
    private static byte[] Body => Encoding.UTF8.GetBytes(WebhookApp.Event);

    [Fact]
    public async Task Get_Challenge_IsRepeatedAsPlainTextThatNoBrowserReads()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();

        using HttpResponseMessage answer = await app.Http.GetAsync("/events?challenge=8ec8d794-e0ab", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("8ec8d794-e0ab", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("x-content-type-options")));
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/events?challenge=%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("/events?challenge=a&challenge=b")]
    public async Task Get_NoChallenge_Is400AndRepeatsNothing(string url)
    {
        await using WebhookApp app = await WebhookApp.StartAsync();

        using HttpResponseMessage answer = await app.Http.GetAsync(url, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("script", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_RepeatedDelivery_IsStoredOnce()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage answer = await app.PostAsync(WebhookApp.Event, chunked: i == 1);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        KeyValuePair<string, byte[]> stored = Assert.Single(app.Inbox.Stored);
        Assert.Equal("urn:s e-1", stored.Key);
        Assert.Equal(WebhookApp.Event, Encoding.UTF8.GetString(stored.Value));
        Assert.Equal(1, app.Keys.Asked);
    }

    [Fact]
    public async Task Post_BatchThatRepeatsAnEvent_StoresItOnce()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();

        using HttpResponseMessage answer = await app.PostAsync($"[{WebhookApp.Event},{WebhookApp.Event},{WebhookApp.Event.Replace("e-1", "e-2", StringComparison.Ordinal)}]");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["urn:s e-1", "urn:s e-2"], app.Inbox.Stored.Keys.Order());
    }

    [Fact]
    public async Task Post_OneElementForAnotherRecipient_StoresNothing()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();

        using HttpResponseMessage answer = await app.PostAsync($"[{WebhookApp.Event},{WebhookApp.Event.Replace("\"me\"", "\"other\"", StringComparison.Ordinal)}]");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(app.Inbox.Stored);
    }

    [Fact]
    public async Task Post_InboxThatFails_Is503AndStoredWhenItComesAgain()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        app.Inbox.Failure = new InboxException("The disk is full.");
        using HttpResponseMessage failed = await app.PostAsync(WebhookApp.Event);
        app.Inbox.Failure = null;
        using HttpResponseMessage again = await app.PostAsync(WebhookApp.Event);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (failed.StatusCode, again.StatusCode));
        Assert.Single(app.Inbox.Stored);
    }

    [Fact]
    public async Task Post_MoreAtOnceThanAllowed_Is503WithRetryAfter()
    {
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WebhookApp app = await WebhookApp.StartAsync(
            options => options.MaxConcurrentDeliveries = 1,
            map: app => app.MapAdobeEvents("/events", async (_, _) =>
            {
                entered.TrySetResult();
                await release.Task;
            }));
        Task<HttpResponseMessage> first = app.PostAsync(WebhookApp.Event);
        await entered.Task.InTimeAsync("the first delivery is being stored");

        using HttpResponseMessage beyond = await app.PostAsync(WebhookApp.Event);
        release.SetResult();
        using HttpResponseMessage stored = await first;
        using HttpResponseMessage next = await app.PostAsync(WebhookApp.Event);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK, HttpStatusCode.OK), (beyond.StatusCode, stored.StatusCode, next.StatusCode));
        Assert.Equal(TimeSpan.FromMinutes(1), beyond.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Post_ValidationUrl_IsOpened()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        TaskCompletionSource<string> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Keys.Answer = context =>
        {
            opened.TrySetResult(context.Request.Path + context.Request.QueryString);
            return Task.CompletedTask;
        };

        using HttpResponseMessage answer = await app.PostAsync($$"""{"validationUrl":"{{app.Keys.Url}}csm/registrations/validate?id=1&challenge=2"}""", new());
        using HttpResponseMessage elsewhere = await app.PostAsync("""{"validationUrl":"http://127.0.0.1:9/x"}""", new());

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (answer.StatusCode, elsewhere.StatusCode));
        Assert.Equal("/csm/registrations/validate?id=1&challenge=2", await opened.Task.InTimeAsync("the validation URL is opened"));
    }

    [Fact]
    public async Task Post_WhenTheHostIsStopping_Is503()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        app.App.Lifetime.StopApplication();

        using HttpResponseMessage answer = await app.PostAsync(WebhookApp.Event);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Empty(app.Inbox.Stored);
    }

    [Fact]
    public async Task Post_HandlersOfEachKind_GetTheEvents()
    {
        List<string> seen = [];
        await using WebhookApp app = await WebhookApp.StartAsync(
            services: services => services.AddSingleton(seen).AddScoped<ScopedHandler>(),
            map: app =>
            {
                app.MapAdobeEvents("/events", (events, _) =>
                {
                    seen.Add($"delegate {Assert.IsType<AemAssetDeleted>(Assert.Single(events).Event).AssetId}");
                    return default;
                });
                app.MapAdobeEvents<ScopedHandler>("/scoped");
            });

        using HttpResponseMessage first = await app.PostAsync(WebhookApp.Event);
        using HttpRequestMessage request = new(HttpMethod.Post, "/scoped") { Content = new ByteArrayContent(Body) };
        foreach ((string name, string value) in WebhookApp.Signer.SignBody(Body).Headers)
        {
            request.Headers.Add(name, value);
        }

        using HttpResponseMessage second = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(["delegate urn:1", "scoped 1", "disposed"], seen);
    }

    [Fact]
    public async Task Post_IsCountedByItsOutcome()
    {
        List<string?> outcomes = [];
        using MeterListener listener = new() { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            Dictionary<string, object?> named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            if (instrument.Name == "asset_compute.webhook.duration" && (string?)named.GetValueOrDefault("asset_compute.account") == "counted")
            {
                lock (outcomes)
                {
                    outcomes.Add((string?)named["asset_compute.outcome"]);
                }
            }
        });
        listener.Start();
        Uri? keys = null;
        await using WebhookApp app = await WebhookApp.StartAsync(
            options: webhook => keys = webhook.PublicKeyEndpoint,
            services: services => services.AddAdobeWebhooks("counted", webhook => (webhook.ClientId, webhook.PublicKeyEndpoint) = ("me", keys!)),
            map: app =>
            {
                app.Services.GetRequiredKeyedService<WebhookReceiver>("");
                app.MapAdobeEvents("/events", "counted");
            });

        using HttpResponseMessage stored = await app.PostAsync(WebhookApp.Event);
        using HttpResponseMessage unsigned = await app.PostAsync(WebhookApp.Event, new());
        using HttpResponseMessage challenge = await app.Http.GetAsync("/events?challenge=a", TestContext.Current.CancellationToken);

        Assert.Equal(["stored", "invalid_signature", "challenge"], outcomes);
    }

    private sealed class ScopedHandler(List<string> seen) : IWebhookHandler, IDisposable
    {
        public ValueTask HandleAsync(IReadOnlyList<WebhookEvent> events, CancellationToken cancellationToken)
        {
            seen.Add($"scoped {events.Count}");
            return default;
        }

        public void Dispose() => seen.Add("disposed");
    }
}
