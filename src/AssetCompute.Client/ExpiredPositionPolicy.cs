namespace AssetCompute.Client;

/// <summary>
/// What a reader does when the position it stands at has expired (410 Gone): events between it and the oldest one are lost. The same where the client was registered
/// anew and has another journal: what was not read of the old one is lost, and reading goes on in the new one.
/// </summary>
public enum ExpiredPositionPolicy
{
    /// <summary>End reading with a <see cref="JournalException"/>, so that somebody decides.</summary>
    Throw,

    /// <summary>Report the gap and go on at the oldest event there is.</summary>
    Oldest,

    /// <summary>Report the gap and go on at the end of the journal.</summary>
    Latest,
}
