namespace AssetExport;

/// <summary>What the status page says of the application, and whom it answers.</summary>
/// <param name="Mode">The modes.</param>
/// <param name="Hosts">The host names under which the page answers. Default: those of the loopback interface.</param>
internal sealed record StatusSettings(ExportMode Mode, string[] Hosts)
{
    public StatusSettings(ExportMode mode, IConfiguration configuration)
        : this(mode, ReadHosts(configuration.GetSection("Status:Hosts")))
    {
    }

    private static string[] ReadHosts(IConfigurationSection section)
    {
        string[] hosts = [.. section.GetChildren().Select(static host => host.Value ?? "")];
        return hosts.Length > 0 ? hosts : ["localhost", "127.0.0.1"];
    }
}
