using System.Globalization;
using AssetCompute.Client;

namespace AssetExport;

/// <summary>A rendition for a destination. The extension of its file name determines the format.</summary>
internal sealed record RenditionSettings(string Name, Rendition Rendition)
{
    public static RenditionSettings Read(IConfigurationSection section)
    {
        section.CheckKeys("Name", "Format", "Width", "Height", "Quality");
        string name = section.Required("Name");
        SettingsException.ThrowIf(name.AsSpan().ContainsAny('/', '\\') || name.Any(char.IsControl) || Path.GetExtension(name).Length < 2, $"{section.Path}:Name must be a file name with an extension.");

        return new RenditionSettings(name, new Rendition
        {
            Format = section["Format"] ?? Path.GetExtension(name)[1..].ToLowerInvariant(),
            Width = Number("Width", int.MaxValue),
            Height = Number("Height", int.MaxValue),
            Quality = Number("Quality", 100),
        });

        int? Number(string key, int highest) =>
            section[key] is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && number <= highest ? number
            : throw new SettingsException($"{section.Path}:{key} must be a number from 1 to {highest}.");
    }
}
