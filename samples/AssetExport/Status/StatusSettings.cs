using System.Net;
using Microsoft.AspNetCore.Http;

namespace AssetExport;

/// <summary>The addresses of the application, and the host names and proxies of the status page.</summary>
internal sealed class StatusSettings
{
    public StatusSettings(ExportMode mode, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection("Status");
        section.CheckKeys("Url", "AllowedHosts", "TrustedProxies", "OperatorHeader");
        Url = section["Url"] ?? "http://127.0.0.1:5081";
        AllowedHosts = section.GetSection("AllowedHosts").Get<string[]>() ?? [];
        OperatorHeader = section["OperatorHeader"] ?? "X-Forwarded-User";
        Mode = mode;
        string urls = configuration["Urls"] is { Length: > 0 } configured ? configured : "http://127.0.0.1:5080";
        WebhookUrls = mode == ExportMode.Batch ? [] : urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        WebhookPath = configuration["Webhook:Path"] is { Length: > 0 } path ? path : "/events";
        Port = PortOf("Status:Url", Url);
        int[] others = [.. WebhookUrls.Select(static url => PortOf("Urls", url))];
        SettingsException.ThrowIf(Port != 0 && others.Contains(Port), $"Urls and Status:Url have the same port, {Port}. The status page needs its own port, because others can reach the webhook's.");

        TrustedProxies = [.. (section.GetSection("TrustedProxies").Get<string[]>() ?? []).Select(static proxy =>
            IPAddress.TryParse(proxy, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(proxy, out IPNetwork network) ? network
            : throw new SettingsException($"Status:TrustedProxies has '{proxy}'. It accepts IP addresses, and networks such as 10.0.0.0/8."))];
    }

    public ExportMode Mode { get; }

    /// <summary>The port of the page; 0 if the system chooses it.</summary>
    public int Port { get; }

    /// <summary>The addresses of the webhook; empty if there is none.</summary>
    public IReadOnlyList<string> WebhookUrls { get; }

    public string WebhookPath { get; }

    public string Url { get; }

    /// <summary>The allowed host names, in addition to <c>localhost</c> and IP addresses.</summary>
    public IReadOnlyList<string> AllowedHosts { get; }

    /// <summary>The header in which the proxies specify the operator.</summary>
    public string OperatorHeader { get; }

    public IReadOnlyList<IPNetwork> TrustedProxies { get; }

    private static int PortOf(string key, string url)
    {
        try
        {
            return BindingAddress.Parse(url).Port;
        }
        catch (FormatException)
        {
            throw new SettingsException($"{key} is '{url}'. It must be an address to listen on, such as http://127.0.0.1:5081.");
        }
    }
}
