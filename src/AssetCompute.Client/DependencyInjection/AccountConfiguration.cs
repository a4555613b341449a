using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using AssetCompute.Client;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The configuration section of an account.</summary>
/// <remarks>
/// These checks refuse values that the binder ignores or interprets differently: unknown keys, empty values, single values instead of a list or a section,
/// and durations such as <c>24:00:00</c>.
/// </remarks>
internal static class AccountConfiguration
{
    /// <summary>Checks the keys and the form of their values.</summary>
    /// <exception cref="InvalidOperationException">A key is unknown, or a value does not have the form of its option.</exception>
    public static void Check(IConfigurationSection section)
    {
        List<string> errors = [];
        Check<AssetComputeOptions>(section, errors);
        Check<AssetComputeRetryOptions>(section.GetSection(nameof(AssetComputeOptions.Retry)), errors);
        Check<AssetComputeThrottlingOptions>(section.GetSection(nameof(AssetComputeOptions.Throttling)), errors);
        Check<JournalOptions>(section.GetSection(nameof(AssetComputeOptions.Journal)), errors);
        if (errors.Count > 0)
        {
            throw new InvalidOperationException("The configuration is not valid. " + string.Join(" ", errors));
        }
    }

    /// <summary>Adds the lists that are given as one text, as in environment variables.</summary>
    public static void BindLists(IConfigurationSection section, AssetComputeOptions options)
    {
        if (section[nameof(options.ClientSecrets)] is { Length: > 0 } secret)
        {
            options.ClientSecrets.Add(secret);
        }

        if (section[nameof(options.Scopes)] is { Length: > 0 } scopes)
        {
            AddScopes(options, scopes);
        }
    }

    /// <summary>Adds scopes that are given as one comma-separated text.</summary>
    public static void AddScopes(AssetComputeOptions options, string scopes)
    {
        foreach (string scope in scopes.Split(','))
        {
            options.Scopes.Add(scope.Trim());
        }
    }

    private static void Check<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(IConfigurationSection section, List<string> errors)
    {
        Dictionary<string, Type> known = typeof(TOptions)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(static property => property.Name, static property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.TryGetValue(child.Key, out Type? type))
            {
                errors.Add($"{child.Path}: there is no such setting. Under {section.Path} there are {string.Join(", ", known.Keys)}.");
            }
            else if (type == typeof(IList<string>))
            {
                CheckList(child, errors);
            }
            else if (type.Assembly == typeof(TOptions).Assembly && type.IsClass)
            {
                if (child.Value is not null)
                {
                    errors.Add($"{child.Path} is a section, but has a value of {child.Value.Length} characters: set the keys below it.");
                }
            }
            else
            {
                CheckValue(child, type, errors);
            }
        }
    }

    private static void CheckList(IConfigurationSection list, List<string> errors)
    {
        IConfigurationSection[] items = [.. list.GetChildren()];
        if (items.Length == 0)
        {
            CheckValue(list, typeof(string), errors);
        }
        else if (!string.IsNullOrEmpty(list.Value))
        {
            errors.Add($"{list.Path} has both a value and items ({items[0].Path}): use one of the two.");
        }

        Array.ForEach(items, item => CheckValue(item, typeof(string), errors));
    }

    private static void CheckValue(IConfigurationSection value, Type type, List<string> errors)
    {
        if (value.GetChildren().FirstOrDefault() is { } child)
        {
            errors.Add($"{value.Path} is a single value, but has settings below it ({child.Path}): set the key itself.");
        }
        else if (value.Value is { } text && string.IsNullOrWhiteSpace(text))
        {
            errors.Add($"{value.Path} is empty: set a value, or remove the key.");
        }
        else if (value.Value is not null && (type == typeof(TimeSpan) || type == typeof(TimeSpan?)) && ConfigurationDuration.GetError(value.Value) is { } error)
        {
            errors.Add($"{value.Path} {error}");
        }
    }
}
