namespace AssetCompute.Client;

/// <summary>
/// What a journal reader does when its position has expired (410 Gone), so that events between it and the oldest event are lost. Applies also when the client was
/// registered again and has another journal: the unread events of the old journal are lost, and reading continues in the new one.
/// </summary>
public enum ExpiredPositionPolicy
{
    /// <summary>Throw a <see cref="JournalException"/>.</summary>
    Throw,

    /// <summary>Report the gap and continue at the oldest event.</summary>
    Oldest,

    /// <summary>Report the gap and continue at the end of the journal.</summary>
    Latest,
}
