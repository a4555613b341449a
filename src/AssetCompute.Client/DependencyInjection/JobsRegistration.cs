using AssetCompute.Client;
using AssetCompute.Client.Jobs;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>An account's part of the jobs.</summary>
internal static class JobsRegistration
{
    public static void AddAssetComputeJobs(this IServiceCollection services, string name)
    {
        services.TryAddKeyedSingleton<IRenditionJobs>(name, static (provider, key) => new RenditionJobs(
            provider.GetRequiredKeyedService<IAssetComputeClient>(key),
            provider.GetRequiredKeyedService<JournalFeedFactory>(key),
            new JobTelemetry((string)key!, provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<TimeProvider>()));
        if (name.Length == 0)
        {
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<IRenditionJobs>(Options.Options.DefaultName));
        }
    }
}
