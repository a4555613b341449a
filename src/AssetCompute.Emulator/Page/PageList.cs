namespace AssetCompute.Emulator;

/// <summary>What is above and below the rows of a list on the page: the search, the filters and the counts.</summary>
/// <param name="Query">The part of the list that is shown.</param>
/// <param name="Noun">The name of the rows, such as <c>jobs</c>.</param>
/// <param name="SearchIn">The fields that the search covers.</param>
/// <param name="Filters">The filters: the key in the URL, the title, and the number of rows.</param>
/// <param name="Found">The number of rows that match the search and the filter.</param>
internal abstract record PageList(PageQuery Query, string Noun, string SearchIn, IReadOnlyList<(string Key, string Title, int Count)> Filters, int Found)
{
    /// <summary>A note about rows that are missing, if any.</summary>
    public string? Note { get; init; }

    /// <summary>The call that clears the list, such as <c>DELETE /emulator/jobs</c>.</summary>
    public string? Clear { get; init; }

    public int Shown => Math.Min(Found, Query.Limit);

    public bool HasMore => Found > Shown;
}

/// <summary>A list on the page.</summary>
internal sealed record PageList<T>(PageQuery Query, string Noun, string SearchIn, IReadOnlyList<(string Key, string Title, int Count)> Filters, int Found, IReadOnlyList<T> Rows)
    : PageList(Query, Noun, SearchIn, Filters, Found)
{
    public static PageList<T> Of(PageQuery query, string noun, string searchIn, IReadOnlyList<T> all, Func<T, string, bool> mentions, params (string Key, string Title, Func<T, bool> Has)[] filters)
    {
        var found = query.Search.Length == 0 ? all : [.. all.Where(item => mentions(item, query.Search))];
        var chosen = filters.FirstOrDefault(filter => filter.Key == query.Filter);
        var kept = chosen.Has is null ? found : [.. found.Where(chosen.Has)];
        return new(query, noun, searchIn, [.. filters.Select(filter => (filter.Key, filter.Title, found.Count(filter.Has)))], kept.Count, [.. kept.Take(query.Limit)]);
    }
}
