using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace AssetCompute.Emulator;

/// <summary>Which part of a list is shown. It stands in the address, so that a view can be kept and sent around.</summary>
/// <param name="Path">The page of the list.</param>
/// <param name="Filter">The kind or state; empty for all.</param>
/// <param name="Search">The text to search for; empty for none.</param>
/// <param name="Limit">The most rows.</param>
internal sealed record PageQuery(string Path, string Filter, string Search, int Limit)
{
    /// <summary>How many rows a page begins with, and how many more each time.</summary>
    public const int Step = 50;

    private const int MostRows = 2_000;

    public static PageQuery Of(HttpRequest request) => new(
        request.Path.Value ?? "/",
        request.Query["state"].ToString(),
        request.Query["q"].ToString().Trim(),
        int.TryParse(request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Clamp(limit, 1, MostRows) : Step);

    /// <summary>The address of this part of the list.</summary>
    public string Url
    {
        get
        {
            var query = new QueryBuilder();
            void Add(string name, string value)
            {
                if (value.Length > 0)
                {
                    query.Add(name, value);
                }
            }

            Add("state", Filter);
            Add("q", Search);
            Add("limit", Limit == Step ? "" : $"{Limit}");
            return Path + query;
        }
    }
}
