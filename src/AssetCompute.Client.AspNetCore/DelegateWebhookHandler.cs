using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.AspNetCore;

/// <summary>A delegate as a handler.</summary>
internal sealed class DelegateWebhookHandler(Func<IReadOnlyList<WebhookEvent>, CancellationToken, ValueTask> handle) : IWebhookHandler
{
    public ValueTask HandleAsync(IReadOnlyList<WebhookEvent> events, CancellationToken cancellationToken) => handle(events, cancellationToken);
}
