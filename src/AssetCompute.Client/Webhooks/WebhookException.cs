namespace AssetCompute.Client.Webhooks;

/// <summary>A delivery is not accepted; <see cref="Refusal"/> says why.</summary>
public sealed class WebhookException : AssetComputeException
{
    /// <summary>A refused delivery.</summary>
    /// <param name="refusal">Why it is refused.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="innerException">The cause, or null.</param>
    public WebhookException(WebhookRefusal refusal, string message, Exception? innerException = null)
        : base(message, innerException) => Refusal = refusal;

    /// <summary>Why it is refused. Default: <see cref="WebhookRefusal.InvalidSignature"/>.</summary>
    public WebhookRefusal Refusal { get; }
}
