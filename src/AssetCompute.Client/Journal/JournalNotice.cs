namespace AssetCompute.Client;

/// <summary>A notification of a journal reader.</summary>
public abstract record JournalNotice
{
    /// <summary>The position of the reader.</summary>
    public required JournalPosition Position { get; init; }
}
