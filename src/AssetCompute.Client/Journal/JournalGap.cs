namespace AssetCompute.Client;

/// <summary>
/// Events are lost. The position expired, which happens after seven days, or the client was registered again and has another journal. Reading continues at
/// <see cref="JournalNotice.Position"/>.
/// </summary>
public sealed record JournalGap : JournalNotice
{
    /// <summary>The position that expired.</summary>
    public required JournalPosition Expired { get; init; }
}
