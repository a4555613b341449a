namespace AssetCompute.Client.Journal;

/// <summary>The result of one read of a journal, besides its entries.</summary>
internal readonly record struct JournalPageOutcome
{
    /// <summary>Whether the journal probably has more events now.</summary>
    public bool HasMore { get; init; }

    /// <summary>Whether the page did not move the position.</summary>
    public bool StandsStill { get; init; }

    /// <summary>Whether the position has expired.</summary>
    public bool Expired { get; init; }

    /// <summary>Whether the read used another access token than the previous one.</summary>
    public bool TokenRenewed { get; init; }

    /// <summary>How long the service asks to wait before the next read.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
