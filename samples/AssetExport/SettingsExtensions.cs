using System.Globalization;

namespace AssetExport;

/// <summary>Settings as values, with errors that name them.</summary>
public static class SettingsExtensions
{
    /// <summary>A setting that must be there.</summary>
    /// <exception cref="SettingsException">It is not there.</exception>
    public static string Required(this IConfigurationSection section, string key) =>
        section[key] is { Length: > 0 } value ? value : throw new SettingsException($"{section.Path}:{key} is missing.");

    /// <summary>A URL that must be there: https, or http to a loopback address.</summary>
    /// <exception cref="SettingsException">It is not there, or is no such URL.</exception>
    public static Uri RequiredUrl(this IConfigurationSection section, string key) =>
        IsAllowedUrl(section.Required(key))
            ? new Uri(section.Required(key))
            : throw new SettingsException($"{section.Path}:{key} must be an https URL; http is allowed to a loopback address.");

    /// <summary>Whether it is an https URL, or one of http to a loopback address.</summary>
    internal static bool IsAllowedUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    /// <summary>A number that must be over 0 where it is there.</summary>
    /// <exception cref="SettingsException">It is no such number.</exception>
    public static int PositiveNumber(this IConfigurationSection section, string key, int @default) =>
        section[key] is not { Length: > 0 } text ? @default
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
        : throw new SettingsException($"{section.Path}:{key} must be a number over 0.");

    /// <summary>Whether a setting is <c>true</c>. Default: no.</summary>
    /// <exception cref="SettingsException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public static bool Flag(this IConfigurationSection section, string key) =>
        section[key] is { Length: > 0 } text && (bool.TryParse(text, out bool flag) ? flag : throw new SettingsException($"{section.Path}:{key} must be true or false."));

    /// <summary>Checks the form of durations: .NET reads <c>24:00:00</c> as 24 days, and a number as days.</summary>
    /// <exception cref="SettingsException">One is not a duration. The message names it, and the form that is meant.</exception>
    public static void CheckDurations(this IConfigurationSection section, IEnumerable<string> keys)
    {
        foreach (string key in keys)
        {
            if (section[key] is { } text && ConfigurationDuration.GetError(text) is { } error)
            {
                throw new SettingsException($"{section.Path}:{key} {error}");
            }
        }
    }

    /// <summary>Runs what binds a section to options, where a key that they don't have is an error.</summary>
    /// <exception cref="SettingsException">A key is unknown, or a value isn't of its type.</exception>
    internal static void Strictly(this IConfigurationSection section, Action<Action<BinderOptions>> bind)
    {
        try
        {
            bind(static binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException($"{section.Path}: {exception.Message}");
        }
    }
}
