using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AssetExport;

/// <summary>The template for file names of a destination: text with <c>{path}</c>, <c>{folder}</c>, <c>{name}</c>, <c>{sha1:8}</c> and so on, or any metadata property.</summary>
internal sealed partial class NameTemplate
{
    public const string Default = "{path}";

    private const int MaxSegmentBytes = 255;
    private const int MaxBytes = 800;
    private const int Sha1Digits = 40;

    private readonly string _template;

    private NameTemplate(string template) => _template = template;

    /// <summary>Reads a template.</summary>
    /// <exception cref="SettingsException">The template is not valid.</exception>
    public static NameTemplate Read(IConfigurationSection section)
    {
        string template = section["Name"] ?? Default;
        string literal = Placeholder().Replace(template, "x");
        string? wrong = literal.AsSpan().ContainsAny('{', '}') ? "has an unmatched brace"
            : literal.Contains('\\', StringComparison.Ordinal) || literal.Any(char.IsControl) ? "has a backslash or a control character"
            : literal.Split('/').Any(static segment => segment is "" or "." or "..") ? "has an empty segment, '.' or '..'"
            : Placeholder().Matches(template).Select(static match => match.Groups[1].Value).FirstOrDefault(static name => DigitsOf(name) is < 4 or > Sha1Digits) is { } digits ? $"has '{{{digits}}}', which allows 4 to {Sha1Digits} digits"
            : null;
        return wrong is null ? new NameTemplate(template) : throw new SettingsException($"{section.Path}:Name {wrong}: it must be a template such as 'assets/{{dc:creator}}/{{stem}}-{{sha1:8}}{{extension}}'.");
    }

    /// <summary>Creates the name of an asset.</summary>
    /// <exception cref="DestinationRefusedException">The asset lacks a value that the name needs, or the name is too long.</exception>
    public string Expand(string path, string? sha1, AssetMetadata metadata)
    {
        if (_template == Default)
        {
            // The path is unique for each asset, so it is not cut. The destination reports names that it cannot store.
            return path[1..];
        }

        string name = Placeholder().Replace(_template, match => ValueOf(match.Groups[1].Value, path, sha1, metadata));
        string safe = string.Join('/', name.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(MakeSafe));
        return safe.Length > 0 && Encoding.UTF8.GetByteCount(safe) <= MaxBytes ? safe : throw new DestinationRefusedException($"The name '{safe}' is empty or longer than {MaxBytes} bytes.");
    }

    [GeneratedRegex(@"\{([^{}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    private static string ValueOf(string placeholder, string path, string? sha1, AssetMetadata metadata)
    {
        string file = path[(path.LastIndexOf('/') + 1)..];
        return placeholder switch
        {
            "path" => path[1..],
            "folder" => path[1..path.LastIndexOf('/')],
            "name" => file,
            "stem" => Path.GetFileNameWithoutExtension(file),
            "extension" => Path.GetExtension(file),
            _ when DigitsOf(placeholder) is { } digits => (sha1 ?? throw new DestinationRefusedException("AEM does not know the SHA-1 of the asset, but its name at the destination requires it."))[..Math.Min(digits, sha1.Length)],
            _ => PropertyOf(placeholder, metadata),
        };
    }

    /// <summary>Returns a value as a segment or a part of one. Separators in the value don't create folders.</summary>
    private static string PropertyOf(string name, AssetMetadata metadata)
    {
        string value = string.Concat((metadata[name] is [{ } first, ..] ? first : "").Select(static character => character is '/' or '\\' || char.IsControl(character) ? '-' : character)).Trim();
        return value.Length > 0 ? value : throw new DestinationRefusedException($"The metadata has no '{name}', but the name at the destination requires it.");
    }

    private static int? DigitsOf(string placeholder) =>
        placeholder == "sha1" ? Sha1Digits
        : placeholder.StartsWith("sha1:", StringComparison.Ordinal) ? int.TryParse(placeholder.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int digits) ? digits : 0
        : null;

    private static string MakeSafe(string segment)
    {
        // A lone surrogate becomes a replacement character, as it would in any destination.
        string plain = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(segment));
        if (plain.All(static character => character == '.'))
        {
            return new string('_', plain.Length);
        }

        string extension = Path.GetExtension(plain) is { Length: <= 20 } known ? known : "";
        string stem = plain[..^extension.Length];
        for (int room = MaxSegmentBytes - Encoding.UTF8.GetByteCount(extension); Encoding.UTF8.GetByteCount(stem) > room;)
        {
            stem = stem[..^(char.IsLowSurrogate(stem[^1]) ? 2 : 1)];
        }

        return stem + extension;
    }
}
