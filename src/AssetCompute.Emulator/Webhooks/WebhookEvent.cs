namespace AssetCompute.Emulator;

/// <summary>An event to deliver to a webhook.</summary>
/// <param name="Id">The id of the event in this registration.</param>
/// <param name="Code">The value of <c>x-adobe-event-code</c>.</param>
/// <param name="Envelope">The event in its envelope.</param>
internal sealed record WebhookEvent(string Id, string Code, byte[] Envelope);
