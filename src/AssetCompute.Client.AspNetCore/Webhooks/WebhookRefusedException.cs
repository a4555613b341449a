namespace AssetCompute.Client.Webhooks;

/// <summary>Ends the handling of a refused delivery.</summary>
internal sealed class WebhookRefusedException(WebhookOutcome outcome, Exception? innerException = null) : Exception(outcome.Reason, innerException)
{
    public WebhookOutcome Outcome { get; } = outcome;
}
