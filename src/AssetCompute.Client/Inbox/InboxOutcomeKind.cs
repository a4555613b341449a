namespace AssetCompute.Client.Inbox;

/// <summary>The three ways in which a delivery ends.</summary>
public enum InboxOutcomeKind
{
    /// <summary>The event is done.</summary>
    Completed,

    /// <summary>The event is to be handed out again.</summary>
    Retry,

    /// <summary>The event is given up, and kept.</summary>
    DeadLetter,
}
