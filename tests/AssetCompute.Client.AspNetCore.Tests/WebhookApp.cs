using System.Text;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests.Webhooks;
using AssetCompute.Client.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.AspNetCore.Tests;

/// <summary>An application with a webhook at /events, and a key host. Both listen on sockets.</summary>
internal sealed class WebhookApp : IAsyncDisposable
{
    public const string Event = """{"specversion":"1.0","id":"e-1","source":"urn:s","type":"aem.assets.asset.deleted","recipientclientid":"me","data":{"assetId":"urn:1"}}""";

    // All tests share this signer, because generating a key pair takes longer than any of them.
    public static WebhookSigner Signer { get; } = new();

    private WebhookApp(WebApplication app, KeyHost keys, MemoryInbox inbox)
    {
        App = app;
        Keys = keys;
        Inbox = inbox;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public WebApplication App { get; }

    public KeyHost Keys { get; }

    public MemoryInbox Inbox { get; }

    public HttpClient Http { get; }

    public static async Task<WebhookApp> StartAsync(
        Action<WebhookOptions>? options = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        KeyHost keys = await KeyHost.StartAsync(Signer);
        MemoryInbox inbox = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IEventInbox>(inbox);
        builder.Services.AddAdobeWebhooks(webhook =>
        {
            webhook.ClientId = "me";
            webhook.PublicKeyEndpoint = keys.Url;
            webhook.ValidationEndpoint = keys.Url;
            options?.Invoke(webhook);
        });
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        (map ?? (static app => app.MapAdobeEvents("/events")))(app);
        await app.StartAsync();
        return new WebhookApp(app, keys, inbox);
    }

    public async Task<HttpResponseMessage> PostAsync(string body, WebhookSignatures? signatures = null, bool chunked = false)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        using HttpRequestMessage request = new(HttpMethod.Post, "/events")
        {
            Content = chunked ? new StreamContent(new PipeLikeStream(bytes)) : new ByteArrayContent(bytes),
        };
        request.Headers.TransferEncodingChunked = chunked;
        foreach ((string name, string value) in (signatures ?? Signer.SignBody(bytes)).Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
        await Keys.DisposeAsync();
    }

    /// <summary>A stream of unknown length, which is sent in chunks.</summary>
    private sealed class PipeLikeStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
