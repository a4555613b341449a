using System.CommandLine.Parsing;
using System.Globalization;
using AssetCompute.Client;

namespace FolderRenditions;

/// <summary>A rendition on the command line, such as <c>name=web.jpg,width=1280,quality=85</c>.</summary>
internal static class RenditionArgument
{
    public static FileRendition[]? Parse(ArgumentResult result)
    {
        List<FileRendition> renditions = [];
        foreach (Token token in result.Tokens)
        {
            try
            {
                renditions.Add(Parse(token.Value));
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException)
            {
                result.AddError($"--rendition {token.Value}: {exception.Message}");
                return null;
            }
        }

        return [.. renditions];
    }

    private static FileRendition Parse(string text)
    {
        string? name = null;
        Rendition rendition = new();
        foreach (string field in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] halves = field.Split('=', 2);
            string value = halves.Length == 2 ? halves[1] : throw new FormatException($"'{field}' must be key=value.");
            switch (halves[0])
            {
                case "name":
                    name = value;
                    break;
                case "format":
                    rendition = rendition with { Format = value };
                    break;
                case "width":
                    rendition = rendition with { Width = Number(field, value) };
                    break;
                case "height":
                    rendition = rendition with { Height = Number(field, value) };
                    break;
                case "quality":
                    rendition = rendition with { Quality = Number(field, value) };
                    break;
                case "interlace":
                    rendition = rendition with { Interlace = bool.TryParse(value, out bool interlace) ? interlace : throw new FormatException($"'{field}' must be true or false.") };
                    break;
                default:
                    throw new FormatException($"'{halves[0]}' is not known. Known are name, format, width, height, quality and interlace.");
            }
        }

        return new FileRendition(name ?? throw new FormatException("name is missing, such as name=web.jpg."), rendition);
    }

    private static int Number(string field, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw new FormatException($"'{field}' must be a whole number.");
}
