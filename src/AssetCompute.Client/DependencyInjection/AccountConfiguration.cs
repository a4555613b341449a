using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using AssetCompute.Client;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Reads the configuration section of an account.</summary>
/// <remarks>
/// Refuses values that the binder ignores or interprets differently: unknown keys, empty values, single values instead of a section, and durations such as
/// <c>24:00:00</c>.
/// </remarks>
internal static class AccountConfiguration
{
    /// <summary>Sets the options in a section. A list may be given as one text, as in environment variables.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">The options to set.</param>
    /// <param name="secretKey">The name to show for the key of the client secrets.</param>
    /// <exception cref="InvalidOperationException">A key is unknown, or a value does not have the form of its option.</exception>
    public static void Apply(IConfigurationSection section, AssetComputeOptions options, string secretKey = nameof(AssetComputeOptions.ClientSecrets))
    {
        string[] errors =
        [
            .. Check<AssetComputeOptions>(section, secretKey),
            .. Check<AssetComputeRetryOptions>(section.GetSection(nameof(options.Retry))),
            .. Check<AssetComputeThrottlingOptions>(section.GetSection(nameof(options.Throttling))),
            .. Check<JournalOptions>(section.GetSection(nameof(options.Journal))),
        ];
        if (errors.Length > 0)
        {
            throw new InvalidOperationException("The configuration is not valid. " + string.Join(" ", errors));
        }

        section.Bind(options);
        if (section[nameof(options.ClientSecrets)] is { Length: > 0 } secret)
        {
            options.ClientSecrets.Add(secret);
        }

        foreach (string scope in section[nameof(options.Scopes)]?.Split(',') ?? [])
        {
            options.Scopes.Add(scope.Trim());
        }
    }

    private static IEnumerable<string> Check<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(IConfigurationSection section, string? secretKey = null)
    {
        Dictionary<string, Type> known = typeof(TOptions)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(static property => property.Name, static property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        return section.GetChildren().SelectMany(child =>
            !known.TryGetValue(child.Key, out Type? type) ? [$"{child.Path}: there is no such setting. Under {section.Path} there are {string.Join(", ", known.Keys.Select(key => key == nameof(AssetComputeOptions.ClientSecrets) ? secretKey : key))}."]
            : type == typeof(IList<string>) ? CheckList(child)
            : type.Assembly != typeof(TOptions).Assembly || !type.IsClass ? CheckValue(child, type)
            : child.Value is null ? []
            : [$"{child.Path} is a section, but has a value of {child.Value.Length} characters: set the keys below it."]);
    }

    private static IEnumerable<string> CheckList(IConfigurationSection list)
    {
        IConfigurationSection[] items = [.. list.GetChildren()];
        return items.Length == 0 ? CheckValue(list, typeof(string))
            : string.IsNullOrEmpty(list.Value) ? items.SelectMany(static item => CheckValue(item, typeof(string)))
            : [$"{list.Path} has both a value and items ({items[0].Path}): use one of the two."];
    }

    private static IEnumerable<string> CheckValue(IConfigurationSection value, Type type) =>
        value.GetChildren().FirstOrDefault() is { } child ? [$"{value.Path} is a single value, but has settings below it ({child.Path}): set the key itself."]
        : value.Value is not { } text ? []
        : string.IsNullOrWhiteSpace(text) ? [$"{value.Path} is empty: set a value, or remove the key."]
        : (type == typeof(TimeSpan) || type == typeof(TimeSpan?)) && ConfigurationDuration.GetError(text) is { } error ? [$"{value.Path} {error}"]
        : [];
}
