using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace AssetExport;

/// <summary>Reads settings as typed values, with errors that name the setting.</summary>
public static class SettingsExtensions
{
    /// <summary>Reads a required setting.</summary>
    /// <exception cref="SettingsException">The setting is missing.</exception>
    public static string Required(this IConfigurationSection section, string key) =>
        section[key] is { Length: > 0 } value ? value : throw new SettingsException($"{section.Path}:{key} is missing.");

    /// <summary>Reads a required URL. It must use HTTPS, or HTTP with a loopback address.</summary>
    /// <exception cref="SettingsException">The setting is missing, or is not such a URL.</exception>
    public static Uri RequiredUrl(this IConfigurationSection section, string key) =>
        IsAllowedUrl(section.Required(key))
            ? new Uri(section.Required(key))
            : throw new SettingsException($"{section.Path}:{key} must be an https URL; http is allowed to a loopback address.");

    /// <summary>Whether a text is an HTTPS URL, or an HTTP URL with a loopback address.</summary>
    internal static bool IsAllowedUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    /// <summary>Returns the name of the environment variable for a configuration key.</summary>
    internal static string VariableOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>Reads an optional number that must be greater than 0.</summary>
    /// <exception cref="SettingsException">The value is not such a number.</exception>
    public static int PositiveNumber(this IConfigurationSection section, string key, int @default) =>
        section[key] is not { Length: > 0 } text ? @default
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
        : throw new SettingsException($"{section.Path}:{key} must be a number over 0.");

    /// <summary>Whether a setting is <c>true</c>. Default: no.</summary>
    /// <exception cref="SettingsException">The value is neither <c>true</c> nor <c>false</c>.</exception>
    public static bool Flag(this IConfigurationSection section, string key) =>
        section[key] is { Length: > 0 } text && (bool.TryParse(text, out bool flag) ? flag : throw new SettingsException($"{section.Path}:{key} must be true or false."));

    /// <summary>
    /// Reads a duration in the format <c>[days.]hours:minutes:seconds</c>; null if it is not set. .NET would read <c>24:00:00</c> as 24 days and a
    /// number as days.
    /// </summary>
    /// <exception cref="SettingsException">The value is not a duration. The message contains the format.</exception>
    public static TimeSpan? Duration(this IConfigurationSection section, string key) =>
        section[key] is not { } text ? null
        : ConfigurationDuration.GetError(text) is { } error ? throw new SettingsException($"{section.Path}:{key} {error}")
        : TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Checks that a section has only these settings.</summary>
    /// <exception cref="SettingsException">The section has another setting. The message contains the first one, and the valid names.</exception>
    internal static void CheckKeys(this IConfigurationSection section, params IEnumerable<string> keys)
    {
        if (section.GetChildren().FirstOrDefault(child => !keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new SettingsException($"There is no setting {unknown.Path}. {section.Path} accepts {string.Join(", ", keys.Order(StringComparer.Ordinal))}.");
        }
    }

    /// <summary>Reads a section. All its settings must be known, and within the ranges of their attributes.</summary>
    /// <exception cref="SettingsException">A key is unknown, or a value has the wrong type or is out of range.</exception>
    internal static T ReadOptions<T>(this IConfigurationSection section)
        where T : class, new()
    {
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(static property => property.PropertyType == typeof(TimeSpan)))
        {
            section.Duration(property.Name);
        }

        try
        {
            T options = section.Get<T>(static binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            return options;
        }
        catch (ValidationException exception)
        {
            throw new SettingsException($"{section.Path}:{string.Join(", ", exception.ValidationResult.MemberNames)} is out of its range. {exception.Message}");
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException($"{section.Path}: {exception.Message}");
        }
    }
}
