using System.Globalization;
using System.Text.RegularExpressions;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>A picture on a page, with its description.</summary>
/// <param name="Name">The name of the file in the folder of the page's pictures.</param>
/// <param name="Caption">The heading of the table column that contains the picture, or an empty string outside a table.</param>
internal sealed partial record PagePicture(string Name, string Caption)
{
    /// <summary>The size in pixels from the caption, such as <c>320x240</c>.</summary>
    public string? Pixels => PixelsOf().Match(Caption) is { Success: true } match ? $"{match.Groups[1].Value}x{match.Groups[2].Value}" : null;

    /// <summary>The size in bytes from the caption.</summary>
    public long? Bytes => BytesOf().Match(Caption) is { Success: true } match ? long.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : null;

    /// <summary>Returns the pictures of a page that are in a folder. In a table, the heading is two lines above its picture.</summary>
    public static IReadOnlyList<PagePicture> Of(string page, string folder)
    {
        List<PagePicture> pictures = [];
        string[] lines = page.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            bool isRow = lines[i].StartsWith('|');
            string[] cells = lines[i].Split('|');
            string[] captions = isRow ? lines[i - 2].Split('|') : [""];
            foreach ((int column, string cell) in cells.Index())
            {
                pictures.AddRange(Link().Matches(cell).Where(link => link.Groups[1].Value == folder).Select(link => new PagePicture(link.Groups[2].Value, captions[column].Trim())));
            }
        }

        return pictures;
    }

    [GeneratedRegex(@"!\[[^\]]+\]\((.+)/([^/)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("(\\d+)×(\\d+)")]
    private static partial Regex PixelsOf();

    [GeneratedRegex("([0-9,]+) bytes")]
    private static partial Regex BytesOf();
}
