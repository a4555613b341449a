using System.Globalization;
using System.Text.RegularExpressions;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>A picture of a page, with what the page says of it.</summary>
/// <param name="Name">The file's name in the folder of the page's pictures.</param>
/// <param name="Caption">The heading of its column where it stands in a table, else empty.</param>
internal sealed partial record PagePicture(string Name, string Caption)
{
    /// <summary>The pixels that the caption names, as <c>320x240</c>.</summary>
    public string? Pixels => PixelsOf().Match(Caption) is { Success: true } match ? $"{match.Groups[1].Value}x{match.Groups[2].Value}" : null;

    /// <summary>The bytes that the caption names.</summary>
    public long? Bytes => BytesOf().Match(Caption) is { Success: true } match ? long.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : null;

    /// <summary>The pictures of a page that lie in a folder. In a table the heading stands two lines above its picture.</summary>
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
