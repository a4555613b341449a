using System.Net;
using System.Text;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests;
using AssetCompute.Client.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.AspNetCore.Tests;

/// <summary>The code of docs/webhooks.md, compiled and run.</summary>
public sealed class DocumentedWebhooks
{
    [Fact]
    public async Task FromZeroToAnEventThatIsHandled()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        string[] args = [$"--contentRoot={folder.FullName}", "--AdobeEvents:ClientId=0123456789abcdef"];
        TaskCompletionSource<string> exported = new(TaskCreationOptions.RunContinuationsAsynchronously);

        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSqliteInbox("events.db");
        builder.Services.AddInboxWorkers<AssetHandler>();
        builder.Services.AddAdobeWebhooks(options => options.ClientId = builder.Configuration["AdobeEvents:ClientId"]);

        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(exported);

        using WebhookSigner signer = new();
        builder.Services.AddAdobeWebhooks().ConfigurePrimaryHttpMessageHandler(() => WebhookSigner.CreateKeyHost(signer));

        WebApplication app = builder.Build();
        app.MapAdobeEvents("/events");

        await app.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            using HttpClient http = new() { BaseAddress = new Uri(app.Urls.First()) };

            byte[] body = Encoding.UTF8.GetBytes("""
                {"specversion":"1.0","id":"1","source":"acct:aem-p1-e2@adobe.com","type":"aem.assets.asset.published",
                 "recipientclientid":"0123456789abcdef","data":{"assetId":"urn:aaid:aem:1","repositoryMetadata":{"repo:path":"/content/dam/red.jpg"}}}
                """);
            using HttpRequestMessage delivery = new(HttpMethod.Post, "/events") { Content = new ByteArrayContent(body) };
            foreach ((string name, string value) in signer.Sign(body))
            {
                delivery.Headers.Add(name, value);
            }

            using HttpResponseMessage answer = await http.SendAsync(delivery, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

            Assert.Equal("/content/dam/red.jpg", await exported.Task.InTimeAsync("the handler gets the event"));
        }
        finally
        {
            await app.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task HandlerOfOnesOwn()
    {
        List<string?> rows = [];
        await using WebhookApp webhook = await WebhookApp.StartAsync(map: app =>
        {
            app.MapAdobeEvents("/events", async (events, cancellationToken) =>
            {
                foreach (WebhookEvent received in events)
                {
                    await InsertUnlessThereAsync(received.Id, received.Raw, cancellationToken);
                }
            });
        });

        using HttpResponseMessage answer = await webhook.PostAsync(WebhookApp.Event);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["urn:s e-1"], rows);

        Task InsertUnlessThereAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
        {
            rows.Add(id);
            return Task.CompletedTask;
        }
    }

    private sealed class AssetHandler(TaskCompletionSource<string> exported) : IInboxHandler
    {
        public ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
        {
            switch (delivery.Event)
            {
                case AemAssetPublished { Path: { } path }:
                    return ExportAsync(path, cancellationToken);
                case AemAssetDeleted { AssetId: { } asset }:
                    return RemoveAsync(asset, cancellationToken);
                default:
                    return default;
            }
        }

        private ValueTask ExportAsync(string path, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            exported.SetResult(path);
            return default;
        }

        private static ValueTask RemoveAsync(string asset, CancellationToken cancellationToken) => throw new NotSupportedException(asset);
    }
}
