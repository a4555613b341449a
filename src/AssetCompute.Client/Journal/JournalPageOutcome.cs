namespace AssetCompute.Client.Journal;

/// <summary>What one read of a journal brought, beside its entries.</summary>
internal readonly record struct JournalPageOutcome
{
    /// <summary>Whether the journal is likely to have more at once.</summary>
    public bool HasMore { get; init; }

    /// <summary>Whether a page came that leads no further than the one before.</summary>
    public bool StandsStill { get; init; }

    /// <summary>Whether the position has expired.</summary>
    public bool Expired { get; init; }

    /// <summary>Whether the read went with another access token than the one before.</summary>
    public bool TokenRenewed { get; init; }

    /// <summary>How long the service asks to wait before the next read.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
