namespace AssetCompute.Emulator;

/// <summary>A list of the page: what of it is shown, and what stands above it.</summary>
/// <typeparam name="T">What a row is about.</typeparam>
internal sealed record PageList<T>
{
    public required PageQuery Query { get; init; }

    /// <summary>What the rows are, such as <c>jobs</c>.</summary>
    public required string Noun { get; init; }

    /// <summary>What the search looks at.</summary>
    public required string SearchIn { get; init; }

    /// <summary>The filters: what stands in the address, what is shown, and how many rows each has.</summary>
    public required IReadOnlyList<(string Key, string Title, int? Count)> Filters { get; init; }

    public required IReadOnlyList<T> Rows { get; init; }

    /// <summary>How many rows the search and the filter found.</summary>
    public required int Found { get; init; }

    /// <summary>What became of the rest, if anything did.</summary>
    public string? Note { get; init; }

    /// <summary>The call that clears the list, such as <c>DELETE /emulator/jobs</c>.</summary>
    public string? Clear { get; init; }

    public bool HasMore => Found > Rows.Count;

    /// <summary>The row of search and filters, without the rows.</summary>
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
