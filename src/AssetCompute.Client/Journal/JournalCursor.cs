namespace AssetCompute.Client.Journal;

/// <summary>
/// The position of a reading, the recent positions, and the URL of the next request. The URL is always the journal's own: the cursor takes only the query of a <c>next</c> link, so
/// the access token is never sent elsewhere.
/// </summary>
internal sealed class JournalCursor(Uri journal, JournalPosition position, int? pageSize)
{
    /// <summary>How many recent positions are remembered, so that a repeated page is delivered once.</summary>
    private const int KnownPositions = 16_384;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _knownByAge = new();
    private string? _linkQuery;

    public JournalPosition Position { get; private set; } = position;

    public Uri Journal { get; private set; } = journal;

    public Uri Url => new UriBuilder(Journal) { Query = _linkQuery ?? OwnQuery() }.Uri;

    /// <summary>Continues after a delivered event.</summary>
    public void MoveTo(JournalPosition position)
    {
        _linkQuery = null;
        Position = position;
    }

    /// <summary>Continues in another journal, where positions of this one have no meaning.</summary>
    public void MoveTo(Uri journal, JournalPosition position)
    {
        if (journal != Journal)
        {
            _known.Clear();
            _knownByAge.Clear();
        }

        Journal = journal;
        MoveTo(position);
    }

    /// <summary>Remembers the position of an event.</summary>
    /// <returns>False if it was read before: the event is repeated.</returns>
    public bool Add(string position)
    {
        if (!_known.Add(position))
        {
            return false;
        }

        _knownByAge.Enqueue(position);
        if (_knownByAge.Count > KnownPositions)
        {
            _known.Remove(_knownByAge.Dequeue());
        }

        return true;
    }

    /// <summary>Continues at a <c>next</c> link.</summary>
    /// <exception cref="InvalidOperationException">The link leads to another scheme, host or port than the journal. A retry would not help.</exception>
    public void Follow(string link)
    {
        if (!Uri.TryCreate(Journal, link, out Uri? target)
            || Uri.Compare(target, Journal, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            throw new InvalidOperationException($"The journal at {Journal.GetLeftPart(UriPartial.Authority)} has a next link to another host, which is not followed: {RedactedUrl.Of(link)}");
        }

        if (target.Query.Length <= 1 && Position.Value is not null)
        {
            // An empty link would lead back to the oldest event.
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

    private string OwnQuery()
    {
        string[] parts = [Journal.Query.TrimStart('?'), Position.ToQuery(), pageSize is null ? "" : FormattableString.Invariant($"limit={pageSize}")];
        return string.Join("&", parts.Where(static part => part.Length > 0));
    }
}
