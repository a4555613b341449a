using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Webhooks;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the webhook of Adobe I/O Events.</summary>
/// <remarks>
/// The endpoint answers Adobe's challenge (GET), verifies deliveries (POST), and answers 200 only when their events are stored. It needs
/// <c>AddAdobeWebhooks</c>. The signature authenticates the sender, so a fallback authorization policy of the application does not apply to the endpoint:
/// Adobe treats a 401 as final and drops the events.
/// </remarks>
public static class AdobeEventsEndpointRouteBuilderExtensions
{
    private static readonly string[] Methods = ["GET", "POST"];

    /// <summary>Maps the webhook, and stores its events in the <see cref="IEventInbox"/> of the application.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="account">The name of the webhook in <c>AddAdobeWebhooks</c>. Default: the webhook without a name.</param>
    /// <returns>The endpoint, for further conventions.</returns>
    /// <exception cref="InvalidOperationException">No webhook of that name is registered, or no inbox is registered.</exception>
    public static IEndpointConventionBuilder MapAdobeEvents(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string account = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IEventInbox inbox = endpoints.ServiceProvider.GetService<IEventInbox>()
            ?? throw new InvalidOperationException($"There is no {nameof(IEventInbox)} to store events in: register one, or pass a handler to {nameof(MapAdobeEvents)}.");
        return endpoints.Map(
            pattern,
            account,
            async (events, cancellationToken) =>
            {
                InboxMessage[] messages = [.. events.Select(static received => new InboxMessage(received.Id, received.Raw) { DeadLetterReason = received.Problem })];
                await inbox.AddAsync(messages, checkpoint: null, cancellationToken).ConfigureAwait(false);
            },
            takesProblems: true);
    }

    /// <summary>Maps the webhook, and stores its events with a delegate.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="handler">Stores the events of a delivery, as described in <see cref="IWebhookHandler"/>.</param>
    /// <param name="account">The name of the webhook in <c>AddAdobeWebhooks</c>. Default: the webhook without a name.</param>
    /// <returns>The endpoint, for further conventions.</returns>
    /// <exception cref="InvalidOperationException">No webhook of that name is registered.</exception>
    public static IEndpointConventionBuilder MapAdobeEvents(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Func<IReadOnlyList<WebhookEvent>, CancellationToken, ValueTask> handler, string account = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(handler);
        return endpoints.Map(pattern, account, handler);
    }

    /// <summary>Maps the webhook, and stores its events with a handler from the container. Each delivery gets a separate scope.</summary>
    /// <typeparam name="THandler">The registered type of the handler.</typeparam>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="account">The name of the webhook in <c>AddAdobeWebhooks</c>. Default: the webhook without a name.</param>
    /// <returns>The endpoint, for further conventions.</returns>
    /// <exception cref="InvalidOperationException">No webhook of that name is registered.</exception>
    public static IEndpointConventionBuilder MapAdobeEvents<THandler>(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string account = "")
        where THandler : IWebhookHandler
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceScopeFactory scopes = endpoints.ServiceProvider.GetRequiredService<IServiceScopeFactory>();
        return endpoints.Map(pattern, account, async (events, cancellationToken) =>
        {
            // Not the scope of the request: the request may be answered before a slow handler ends.
            AsyncServiceScope scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(events, cancellationToken).ConfigureAwait(false);
            }
        });
    }

    private static IEndpointConventionBuilder Map(
        this IEndpointRouteBuilder endpoints, string pattern, string account, Func<IReadOnlyList<WebhookEvent>, CancellationToken, ValueTask> store, bool takesProblems = false)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(account);
        WebhookReceiver receiver = endpoints.ServiceProvider.GetKeyedService<WebhookReceiver>(account)
            ?? throw new InvalidOperationException($"There is no webhook '{account}': register it with AddAdobeWebhooks.");
        return endpoints
            .MapMethods(pattern, Methods, context => receiver.HandleAsync(context, store, takesProblems))
            .WithDisplayName($"Adobe I/O Events {pattern}")
            .WithMetadata(new AllowAnonymousAttribute());
    }
}
