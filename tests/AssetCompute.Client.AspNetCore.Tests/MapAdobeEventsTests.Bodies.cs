using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.AspNetCore.Tests;

public sealed partial class MapAdobeEventsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_BodyOverTheLimit_Is413(bool chunked)
    {
        await using WebhookApp app = await WebhookApp.StartAsync(options => options.MaxBodyBytes = 2048);

        using HttpResponseMessage full = await app.PostAsync(WebhookApp.Event.PadRight(2048), chunked: chunked);
        using HttpResponseMessage over = await app.PostAsync(WebhookApp.Event.PadRight(2049), chunked: chunked);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.RequestEntityTooLarge), (full.StatusCode, over.StatusCode));
    }

    [Fact]
    public async Task Post_ServerWithALowerLimit_TakesWhatTheWebhookTakes()
    {
        await using WebhookApp app = await WebhookApp.StartAsync(services: services => services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = 1024));

        using HttpResponseMessage answer = await app.PostAsync(WebhookApp.Event.PadRight(100_000));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("all", false, "The body was empty.")]
    [InlineData("all", true, "The body was empty.")]
    [InlineData("part", false, "The body was shorter than its Content-Length.")]
    [InlineData("replaced", false, "The body was empty.")]
    public async Task Post_BodyThatAMiddlewareHasRead_Is503AndSaysSo(string read, bool chunked, string text)
    {
        await using WebhookApp app = await WebhookApp.StartAsync(map: app =>
        {
            app.Use(async (context, next) =>
            {
                if (read == "part")
                {
                    await context.Request.Body.ReadExactlyAsync(new byte[10]);
                }
                else
                {
                    await context.Request.Body.CopyToAsync(Stream.Null);
                }

                context.Request.Body = read == "replaced" ? new MemoryStream() : context.Request.Body;
                await next(context);
            });
            app.MapAdobeEvents("/events");
        });

        using HttpResponseMessage answer = await app.PostAsync(WebhookApp.Event, chunked: chunked);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.StartsWith(text, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(app.Inbox.Stored);
    }

    [Fact]
    public async Task Post_BodyThatAMiddlewareHasReadAndBuffered_IsReadAgain()
    {
        await using WebhookApp app = await WebhookApp.StartAsync(map: app =>
        {
            app.Use(async (context, next) =>
            {
                Microsoft.AspNetCore.Http.HttpRequestRewindExtensions.EnableBuffering(context.Request);
                await context.Request.Body.CopyToAsync(Stream.Null);
                await next(context);
            });
            app.MapAdobeEvents("/events");
        });

        using HttpResponseMessage answer = await app.PostAsync(WebhookApp.Event);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(app.Inbox.Stored);
    }
}
