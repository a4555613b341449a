namespace AssetCompute.Client.Inbox;

/// <summary>The store of an inbox cannot be reached or used. Nothing has changed, or the change is harmless to repeat: try again.</summary>
public class InboxException : IOException
{
    /// <summary>A failed call without details.</summary>
    public InboxException()
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public InboxException(string message)
        : base(message)
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public InboxException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
