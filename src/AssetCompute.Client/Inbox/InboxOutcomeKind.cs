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

    /// <summary>Nobody has begun with the event: it is to be handed out again, and this attempt does not count.</summary>
    Returned,
}
