namespace AssetCompute.Client.Inbox;

/// <summary>A lease is held by another owner by now: whoever held it stops what it did under it.</summary>
public sealed class InboxLeaseLostException : InboxException
{
    /// <summary>A lost lease without details.</summary>
    public InboxLeaseLostException()
    {
    }

    /// <summary>A lost lease.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public InboxLeaseLostException(string message)
        : base(message)
    {
    }

    /// <summary>A lost lease.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public InboxLeaseLostException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
