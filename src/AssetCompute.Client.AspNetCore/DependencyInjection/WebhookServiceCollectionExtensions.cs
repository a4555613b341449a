using AssetCompute.Client.Authentication;
using AssetCompute.Client.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers webhooks of Adobe I/O Events. <c>MapAdobeEvents</c> maps them.</summary>
public static class WebhookServiceCollectionExtensions
{
    /// <summary>Registers the only webhook of the application.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">
    /// Sets the options. Default: the defaults. The client id is then the one of the account that <c>AddAssetCompute</c> registers, and is required if there
    /// is none.
    /// </param>
    /// <returns>The HTTP client that fetches Adobe's public keys and opens validation URLs. Use it to add handlers, a proxy, or a test handler.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IHttpClientBuilder AddAdobeWebhooks(this IServiceCollection services, Action<WebhookOptions>? configure = null) =>
        services.AddAdobeWebhooks(Options.Options.DefaultName, configure);

    /// <summary>Registers one of several webhooks under a name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the account whose client id is the default, and of the options.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The HTTP client that fetches Adobe's public keys and opens validation URLs. Use it to add handlers, a proxy, or a test handler.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="name"/> is null.</exception>
    public static IHttpClientBuilder AddAdobeWebhooks(this IServiceCollection services, string name, Action<WebhookOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);

        // If a webhook is added twice, the options of both calls apply.
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
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);

        // The key cache has its own retry rules.
#pragma warning disable EXTEXP0001 // There is no other way to remove them from one client.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001

        // A redirect would leave the pinned host.
        client
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler(static (handler, _) => (handler.AllowAutoRedirect, handler.UseCookies, handler.PooledConnectionLifetime) = (false, false, TimeSpan.FromMinutes(5)))
            .ConfigureHttpClient(static http => http.Timeout = Timeout.InfiniteTimeSpan);
        services.AddKeyedSingleton(name, (provider, _) => new WebhookReceiver(
            name,
            provider.GetRequiredService<IOptionsMonitor<WebhookOptions>>().Get(name),
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(client.Name),
            provider.GetService<ILoggerFactory>()?.CreateLogger(name.Length == 0 ? WebhookTelemetry.Category : $"{WebhookTelemetry.Category}.{name}") ?? NullLogger.Instance,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None));
        return client;
    }

    /// <summary>Registers an account's webhook, which accepts events for the account's client id.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAssetComputeBuilder AddWebhooks(this IAssetComputeBuilder builder, Action<WebhookOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddAdobeWebhooks(builder.Name, configure);
        return builder;
    }
}
