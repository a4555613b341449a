namespace AssetCompute.Client.Journal;

/// <summary>
/// Where a reading stands, and the URL that goes on from there. The URL is always the journal's own: of a <c>next</c> link only the query is
/// taken, so the access token goes nowhere else.
/// </summary>
internal sealed class JournalCursor
{
    private readonly int? _pageSize;
    private string? _linkQuery;

    public JournalCursor(Uri journal, JournalPosition position, int? pageSize)
    {
        Journal = journal;
        _pageSize = pageSize;
        Position = position;
    }

    public JournalPosition Position { get; private set; }

    public Uri Journal { get; private set; }

    public Uri Url
    {
        get
        {
            if (_linkQuery is not null)
            {
                return WithQuery(_linkQuery);
            }

            string own = Journal.Query.TrimStart('?');
            string limit = _pageSize is { } size ? $"limit={size.ToString(System.Globalization.CultureInfo.InvariantCulture)}" : "";
            return WithQuery(string.Join("&", new[] { own, Position.ToQuery(), limit }.Where(part => part.Length > 0)));
        }
    }

    /// <summary>Goes on after an event that was delivered.</summary>
    public void MoveTo(JournalPosition position)
    {
        _linkQuery = null;
        Position = position;
    }

    /// <summary>Goes on in another journal, where positions of this one mean nothing.</summary>
    public void MoveTo(Uri journal, JournalPosition position)
    {
        Journal = journal;
        MoveTo(position);
    }

    /// <summary>Goes on where a <c>next</c> link says.</summary>
    /// <exception cref="InvalidOperationException">The link leads to another scheme, host or port than the journal. Trying again would not help.</exception>
    public void Follow(string link)
    {
        if (!Uri.TryCreate(Journal, link, out Uri? target)
            || target.Scheme != Journal.Scheme
            || target.Port != Journal.Port
            || !string.Equals(target.Host, Journal.Host, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"The journal at {Journal.GetLeftPart(UriPartial.Authority)} has a next link to another host, which is not followed: {RedactedUrl.Of(link)}");
        }

        if (target.Query.Length <= 1 && Position.Value is not null)
        {
            // A link that says nothing would lead back to the oldest event.
            return;
        }

        _linkQuery = target.Query.TrimStart('?');
        foreach (string parameter in _linkQuery.Split('&'))
        {
            if (parameter.StartsWith("since=", StringComparison.Ordinal) && parameter.Length > "since=".Length)
            {
                Position = JournalPosition.After(Uri.UnescapeDataString(parameter.Substring("since=".Length)));
            }
        }
    }

    private Uri WithQuery(string query) => new UriBuilder(Journal) { Query = query }.Uri;
}
