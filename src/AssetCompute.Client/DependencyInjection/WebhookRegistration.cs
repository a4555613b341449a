using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>A webhook's receiver, its options and its HTTP client.</summary>
internal static class WebhookRegistration
{
    public static IHttpClientBuilder AddWebhookReceiver(this IServiceCollection services, string name, Action<WebhookOptions>? configure)
    {
        // Options add up when a webhook is added twice, in parts.
        OptionsBuilder<WebhookOptions> options = services.AddOptions<WebhookOptions>(name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        IHttpClientBuilder client = services.AddHttpClient(HttpClientNames.Webhooks(name));
        if (services.Any(service => service.ServiceType == typeof(WebhookReceiver) && Equals(service.ServiceKey, name)))
        {
            return client;
        }

        // The account may be registered later than its webhook, and may take its client id from a file.
        options.PostConfigure<IServiceProvider>((webhook, provider) => webhook.ClientId ??= provider.GetKeyedService<CredentialsResolver>(name)?.GetIdentity().ClientId);
        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>>(new WebhookOptionsValidator(name));
        services.TryAddSingleton(TimeProvider.System);
        HttpRegistration.Configure(client);
        services.AddKeyedSingleton(name, (provider, _) => new WebhookReceiver(
            name,
            provider.GetRequiredService<IOptionsMonitor<WebhookOptions>>().Get(name),
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(client.Name),
            provider.GetService<ILoggerFactory>()?.CreateLogger(WebhookLog.Category) ?? NullLogger.Instance,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None));
        if (name.Length == 0)
        {
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<WebhookReceiver>(Options.Options.DefaultName));
        }

        return client;
    }
}
