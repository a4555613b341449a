using AssetCompute.Client;
using AssetCompute.Client.Inbox;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddSqliteInbox("events.db");
builder.Services.AddInboxWorkers<AssetHandler>();
builder.Services.AddAdobeWebhooks(options => builder.Configuration.Bind("AdobeEvents", options)); // ClientId; for tests PublicKeyEndpoint

WebApplication app = builder.Build();
app.MapAdobeEvents("/events");
await app.RunAsync();

internal sealed class AssetHandler : IInboxHandler
{
    // When this returns, the event is done. After an exception it is tried again.
    public ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
    {
        Console.WriteLine(delivery.Event switch
        {
            AemAssetPublished published => $"published {published.Path}",
            AemAssetDeleted deleted => $"deleted {deleted.AssetId}",
            AdobeEvent other => $"other {other.Type}",
        });
        return default;
    }
}
