using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using AssetCompute.Client;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Refuses a key that is no setting, usually a misspelt one, and says where it stands and which there are.</summary>
/// <remarks>The binder would refuse it too, and name neither.</remarks>
internal static class ConfigurationKeys
{
    /// <exception cref="InvalidOperationException">There is such a key.</exception>
    public static void Check(IConfigurationSection section)
    {
        Check<AssetComputeOptions>(section);
        Check<AssetComputeRetryOptions>(section.GetSection(nameof(AssetComputeOptions.Retry)));
        Check<AssetComputeThrottlingOptions>(section.GetSection(nameof(AssetComputeOptions.Throttling)));
        Check<JournalOptions>(section.GetSection(nameof(AssetComputeOptions.Journal)));
    }

    private static void Check<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(IConfigurationSection section)
    {
        string[] known = [.. typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static property => property.Name)];
        string[] unknown = [.. section.GetChildren().Select(static child => child.Path).Where(path => !known.Contains(ConfigurationPath.GetSectionKey(path), StringComparer.OrdinalIgnoreCase))];
        if (unknown.Length > 0)
        {
            throw new InvalidOperationException(
                $"The configuration names {string.Join(", ", unknown)}: there is no such setting. Under {section.Path} there are {string.Join(", ", known)}.");
        }
    }
}
