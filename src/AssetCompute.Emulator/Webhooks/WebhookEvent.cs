namespace AssetCompute.Emulator;

/// <summary>An event on its way to one webhook.</summary>
/// <param name="Id">The id under which this registration gets the event.</param>
/// <param name="Code">What <c>x-adobe-event-code</c> says.</param>
/// <param name="Envelope">The event as the webhook gets it.</param>
internal sealed record WebhookEvent(string Id, string Code, byte[] Envelope);
