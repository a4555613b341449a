namespace AssetCompute.Emulator;

/// <summary>A list on the page: its rows, and the search and filters above them.</summary>
/// <typeparam name="T">The type of a row.</typeparam>
internal sealed record PageList<T>
{
    public required PageQuery Query { get; init; }

    /// <summary>The name of the rows, such as <c>jobs</c>.</summary>
    public required string Noun { get; init; }

    /// <summary>The fields that the search covers.</summary>
    public required string SearchIn { get; init; }

    /// <summary>The filters: the key in the URL, the title, and the number of rows.</summary>
    public required IReadOnlyList<(string Key, string Title, int? Count)> Filters { get; init; }

    public required IReadOnlyList<T> Rows { get; init; }

    /// <summary>The number of rows that match the search and the filter.</summary>
    public required int Found { get; init; }

    /// <summary>A note about rows that are missing, if any.</summary>
    public string? Note { get; init; }

    /// <summary>The call that clears the list, such as <c>DELETE /emulator/jobs</c>.</summary>
    public string? Clear { get; init; }

    public bool HasMore => Found > Rows.Count;

    /// <summary>The search and the filters without the rows.</summary>
    public PageList<object> Frame => new()
    {
        Query = Query,
        Noun = Noun,
        SearchIn = SearchIn,
        Filters = Filters,
        Rows = [.. Rows.Cast<object>()],
        Found = Found,
        Note = Note,
        Clear = Clear,
    };

    public static PageList<T> Of(PageQuery query, string noun, string searchIn, IReadOnlyList<T> all, Func<T, string, bool> mentions, params (string Key, string Title, Func<T, bool> Has)[] filters)
    {
        var found = query.Search.Length == 0 ? all : [.. all.Where(item => mentions(item, query.Search))];
        var counted = filters.Select(filter => (filter.Key, filter.Title, Count: (int?)found.Count(filter.Has))).ToArray();
        var chosen = filters.FirstOrDefault(filter => filter.Key == query.Filter);
        var kept = chosen.Has is null ? found : [.. found.Where(chosen.Has)];
        return new()
        {
            Query = query,
            Noun = noun,
            SearchIn = searchIn,
            Filters = counted,
            Rows = [.. kept.Take(query.Limit)],
            Found = kept.Count,
        };
    }
}
