using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>The client as a user creates it, connected to the benchmark's server.</summary>
internal static class OurClient
{
    public const string OrganizationId = "benchmark@AdobeOrg";
    public const string ClientId = "benchmark";

    /// <summary>The poll interval, which is the same for the peer.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public static AssetComputeClient Create(string server, string account, Action<IAssetComputeBuilder>? configure = null, Action<AssetComputeOptions>? options = null) =>
        AssetComputeClient.Create(
            settings =>
            {
                Configure(settings, server, account);
                options?.Invoke(settings);
            },
            configure);

    public static void Configure(AssetComputeOptions options, string server, string account)
    {
        options.Endpoint = new Uri(server + account);
        options.ImsEndpoint = new Uri(server);
        options.ClientId = ClientId;
        options.OrganizationId = OrganizationId;
        options.ClientSecrets.Add("secret");
        options.Journal.PollInterval = PollInterval;
        options.Journal.MaxPollInterval = PollInterval;
    }
}
