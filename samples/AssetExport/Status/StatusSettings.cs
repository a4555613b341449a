using System.Net;
using Microsoft.AspNetCore.Http;

namespace AssetExport;

/// <summary>The addresses of the application, and the host names and proxies of the status page.</summary>
internal sealed class StatusSettings
{
    public StatusSettings(ExportMode mode, IConfiguration configuration)
    {
        Options = configuration.GetSection("Status").ReadOptions<StatusOptions>();
        Mode = mode;
        Url = Address("Status:Url", Options.Url);
        string urls = configuration["Urls"] is { Length: > 0 } configured ? configured : "http://127.0.0.1:5080";
        WebhookUrls = mode == ExportMode.Batch ? [] : [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static url => Address("Urls", url))];
        WebhookPath = configuration["Webhook:Path"] is { Length: > 0 } path ? path : "/events";
        if (Url.Port != 0 && WebhookUrls.Any(webhook => webhook.Port == Url.Port))
        {
            throw new SettingsException($"Urls and Status:Url have the same port, {Url.Port}. The status page needs a port of its own, since others reach the webhook's.");
        }

        TrustedProxies = [.. Options.TrustedProxies.Select(static proxy =>
            IPAddress.TryParse(proxy, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(proxy, out IPNetwork network) ? network
            : throw new SettingsException($"Status:TrustedProxies has '{proxy}'. It takes IP addresses, and networks such as 10.0.0.0/8."))];
    }

    public ExportMode Mode { get; }

    public BindingAddress Url { get; }

    /// <summary>The addresses of the webhook; empty if there is none.</summary>
    public IReadOnlyList<BindingAddress> WebhookUrls { get; }

    public string WebhookPath { get; }

    public StatusOptions Options { get; }

    public IReadOnlyList<IPNetwork> TrustedProxies { get; }

    private static BindingAddress Address(string key, string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new SettingsException($"{key} is '{url}'. It must be an address to listen at, such as http://127.0.0.1:5081.");
        }
    }
}
