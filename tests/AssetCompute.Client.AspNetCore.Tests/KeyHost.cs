using AssetCompute.Client.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.AspNetCore.Tests;

/// <summary>Adobe's key host and the host of its validation URLs, on a socket. A test sets the response.</summary>
internal sealed class KeyHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private KeyHost(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public int Asked => _asked;

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public static async Task<KeyHost> StartAsync(WebhookSigner signer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        KeyHost host = new(builder.Build());
        host.Serve(signer);
        host._app.Run(context =>
        {
            Interlocked.Increment(ref host._asked);
            return host.Answer(context);
        });
        await host._app.StartAsync();
        return host;
    }

    public void Serve(WebhookSigner signer) => Answer = context =>
    {
        context.Response.StatusCode = context.Request.Path == signer.KeyPath ? 200 : 404;
        return context.Response.WriteAsync(context.Request.Path == signer.KeyPath ? signer.PublicKeyPem : "");
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
