using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>The part of a list that is shown. It is in the URL, so that a view can be bookmarked and shared.</summary>
/// <param name="Path">The path of the list's page.</param>
/// <param name="Filter">The kind or state; empty for all.</param>
/// <param name="Search">The text to search for; empty for none.</param>
/// <param name="Limit">The maximum number of rows.</param>
internal sealed record PageQuery(string Path, string Filter, string Search, int Limit)
{
    /// <summary>The number of rows that a page starts with, and that each step adds.</summary>
    public const int Step = 50;

    private const int MostRows = 2_000;

    public static PageQuery Of(HttpRequest request) => new(
        request.Path.Value ?? "/",
        request.Query["state"].ToString(),
        request.Query["q"].ToString().Trim(),
        int.TryParse(request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Clamp(limit, 1, MostRows) : Step);

    /// <summary>The URL of this part of the list.</summary>
    public string Url => Path + QueryString.Create(
        new Dictionary<string, string?> { ["state"] = Filter, ["q"] = Search, ["limit"] = Limit == Step ? "" : $"{Limit}" }.Where(part => part.Value?.Length > 0));
}
