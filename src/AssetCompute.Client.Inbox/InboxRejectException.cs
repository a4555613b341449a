namespace AssetCompute.Client.Inbox;

/// <summary>Thrown by a handler for an event that no further attempt can handle: it is a dead letter at once.</summary>
public sealed class InboxRejectException : Exception
{
    /// <summary>An event that cannot be handled, without a reason.</summary>
    public InboxRejectException()
    {
    }

    /// <summary>An event that cannot be handled.</summary>
    /// <param name="message">Why; kept with the event. It must hold no secret.</param>
    public InboxRejectException(string message)
        : base(message)
    {
    }

    /// <summary>An event that cannot be handled.</summary>
    /// <param name="message">Why; kept with the event. It must hold no secret.</param>
    /// <param name="innerException">The cause, or null.</param>
    public InboxRejectException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
