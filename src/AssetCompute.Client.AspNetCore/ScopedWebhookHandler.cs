using AssetCompute.Client.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.AspNetCore;

/// <summary>
/// A handler from the container. Its scope is not that of the request, which may have been answered before a handler that takes too long comes to its end.
/// </summary>
internal sealed class ScopedWebhookHandler<THandler>(IServiceScopeFactory scopes) : IWebhookHandler
    where THandler : IWebhookHandler
{
    public async ValueTask HandleAsync(IReadOnlyList<WebhookEvent> events, CancellationToken cancellationToken)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(events, cancellationToken).ConfigureAwait(false);
        }
    }
}
