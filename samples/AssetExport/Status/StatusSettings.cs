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
        string urls = configuration["Urls"] is { Length: > 0 } configured ? configured : "http://127.0.0.1:5080";
        WebhookUrls = mode == ExportMode.Batch ? [] : urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        WebhookPath = configuration["Webhook:Path"] is { Length: > 0 } path ? path : "/events";
        Port = PortOf("Status:Url", Options.Url);
        int[] others = [.. WebhookUrls.Select(static url => PortOf("Urls", url))];
        if (Port != 0 && others.Contains(Port))
        {
            throw new SettingsException($"Urls and Status:Url have the same port, {Port}. The status page needs a port of its own, since others reach the webhook's.");
        }

        TrustedProxies = [.. Options.TrustedProxies.Select(static proxy =>
            IPAddress.TryParse(proxy, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(proxy, out IPNetwork network) ? network
            : throw new SettingsException($"Status:TrustedProxies has '{proxy}'. It takes IP addresses, and networks such as 10.0.0.0/8."))];
    }

    public ExportMode Mode { get; }

    /// <summary>The port of the page; 0 if the system chooses it.</summary>
    public int Port { get; }

    /// <summary>The addresses of the webhook; empty if there is none.</summary>
    public IReadOnlyList<string> WebhookUrls { get; }

    public string WebhookPath { get; }

    public StatusOptions Options { get; }

    public IReadOnlyList<IPNetwork> TrustedProxies { get; }

    private static int PortOf(string key, string url)
    {
        try
        {
            return BindingAddress.Parse(url).Port;
        }
        catch (FormatException)
        {
            throw new SettingsException($"{key} is '{url}'. It must be an address to listen at, such as http://127.0.0.1:5081.");
        }
    }
}
