namespace AssetCompute.Client.Inbox;

/// <summary>The ways in which a delivery ends.</summary>
public enum InboxOutcomeKind
{
    /// <summary>The event is done.</summary>
    Completed,

    /// <summary>The event is to be handed out again.</summary>
    Retry,

    /// <summary>The event is given up, and kept.</summary>
    DeadLetter,

    /// <summary>No attempt was made, or the shutdown cut it off: the event is to be handed out again, and this attempt does not count.</summary>
    Returned,
}
