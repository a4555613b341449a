namespace AssetCompute.Client.Inbox;

/// <summary>The kinds of outcomes of a delivery.</summary>
public enum InboxOutcomeKind
{
    /// <summary>The event is completed.</summary>
    Completed,

    /// <summary>The event is delivered again.</summary>
    Retry,

    /// <summary>The event becomes a dead letter.</summary>
    DeadLetter,

    /// <summary>There was no attempt, or the shutdown interrupted it. The event is delivered again, and this attempt does not count.</summary>
    Returned,
}
