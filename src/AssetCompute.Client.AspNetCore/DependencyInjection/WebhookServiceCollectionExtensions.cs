using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers webhooks of Adobe I/O Events, which <c>MapAdobeEvents</c> maps.</summary>
public static class WebhookServiceCollectionExtensions
{
    /// <summary>Registers the one webhook of the application.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">
    /// Sets the options. Default: the defaults; the client id is then that of the account that <c>AddAssetCompute</c> registers, and required if there is none.
    /// </param>
    /// <returns>The HTTP client that fetches Adobe's public keys and opens validation URLs: for your own handlers, a proxy, or a test.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IHttpClientBuilder AddAdobeWebhooks(this IServiceCollection services, Action<WebhookOptions>? configure = null) =>
        services.AddAdobeWebhooks(Options.Options.DefaultName, configure);

    /// <summary>Registers one of several webhooks under a name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name: that of the account whose client id it takes by default, and the name of its options.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The HTTP client that fetches Adobe's public keys and opens validation URLs: for your own handlers, a proxy, or a test.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="name"/> is null.</exception>
    public static IHttpClientBuilder AddAdobeWebhooks(this IServiceCollection services, string name, Action<WebhookOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        return services.AddWebhookReceiver(name, configure);
    }

    /// <summary>Registers an account's webhook, which takes events for the account's client id.</summary>
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

    private static IHttpClientBuilder AddWebhookReceiver(this IServiceCollection services, string name, Action<WebhookOptions>? configure)
    {
        // Options add up when a webhook is added twice, in parts.
        OptionsBuilder<WebhookOptions> options = services.AddOptions<WebhookOptions>(name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        IHttpClientBuilder client = services.AddHttpClient(name.Length == 0 ? "AssetCompute:webhooks" : $"AssetCompute:{name}:webhooks");
        if (services.Any(service => service.ServiceType == typeof(WebhookReceiver) && Equals(service.ServiceKey, name)))
        {
            return client;
        }

        // The account may be registered later than its webhook, and may take its client id from a file.
        options.PostConfigure<IServiceProvider>((webhook, provider) => webhook.ClientId ??= provider.GetKeyedService<AssetComputeIdentity>(name)?.ClientId);
        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>>(new WebhookOptionsValidator(name));
        services.TryAddSingleton(TimeProvider.System);

        // The key cache tries again by its own rules.
#pragma warning disable EXTEXP0001 // There is no other way to remove them from one client.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001

        // A redirect would lead away from the pinned host.
        client
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler(static (handler, _) => (handler.AllowAutoRedirect, handler.UseCookies, handler.PooledConnectionLifetime) = (false, false, TimeSpan.FromMinutes(5)))
            .ConfigureHttpClient(static http => http.Timeout = Timeout.InfiniteTimeSpan);
        services.AddKeyedSingleton(name, (provider, _) => new WebhookReceiver(
            name,
            provider.GetRequiredService<IOptionsMonitor<WebhookOptions>>().Get(name),
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(client.Name),
            provider.GetService<ILoggerFactory>()?.CreateLogger(WebhookTelemetry.Category) ?? NullLogger.Instance,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None));
        return client;
    }
}
