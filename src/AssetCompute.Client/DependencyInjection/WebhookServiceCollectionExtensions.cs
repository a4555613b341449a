using AssetCompute.Client;
using AssetCompute.Client.Webhooks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers receivers of Adobe I/O Events' webhooks.</summary>
public static class WebhookServiceCollectionExtensions
{
    /// <summary>Registers the <see cref="WebhookReceiver"/> of the one webhook of the application.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">
    /// Sets the options. Default: the defaults; the client id is then that of the account that <c>AddAssetCompute</c> registers, and required where there is none.
    /// </param>
    /// <returns>The HTTP client that fetches Adobe's public keys and opens validation URLs: for handlers of the user's own, a proxy, or a test.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IHttpClientBuilder AddAdobeWebhooks(this IServiceCollection services, Action<WebhookOptions>? configure = null) =>
        services.AddAdobeWebhooks(Options.Options.DefaultName, configure);

    /// <summary>Registers the <see cref="WebhookReceiver"/> of one of several webhooks, keyed by a name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name: that of the account whose client id it takes by default, and the name of its options.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The HTTP client that fetches Adobe's public keys and opens validation URLs: for handlers of the user's own, a proxy, or a test.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="name"/> is null.</exception>
    public static IHttpClientBuilder AddAdobeWebhooks(this IServiceCollection services, string name, Action<WebhookOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        return services.AddWebhookReceiver(name, configure);
    }

    /// <summary>Registers the <see cref="WebhookReceiver"/> of an account's webhook, which takes events for the account's client id.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAssetComputeBuilder AddWebhooks(this IAssetComputeBuilder builder, Action<WebhookOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddWebhookReceiver(builder.Name, configure);
        return builder;
    }
}
