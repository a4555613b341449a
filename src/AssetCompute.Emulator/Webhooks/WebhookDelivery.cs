namespace AssetCompute.Emulator;

/// <summary>The content of a POST to a webhook. It is the same for all attempts.</summary>
internal sealed class WebhookDelivery(IReadOnlyList<WebhookEvent> events, bool isBatch)
{
    public string Id { get; } = Guid.NewGuid().ToString("D");

    public IReadOnlyList<WebhookEvent> Events => events;

    public bool IsBatch => isBatch;

    public byte[] Body { get; } = isBatch ? ArrayOf(events) : events[0].Envelope;

    private static byte[] ArrayOf(IReadOnlyList<WebhookEvent> events)
    {
        using var body = new MemoryStream(events.Sum(@event => @event.Envelope.Length + 1) + 1);
        foreach (var (index, @event) in events.Index())
        {
            body.WriteByte(index == 0 ? (byte)'[' : (byte)',');
            body.Write(@event.Envelope);
        }

        body.WriteByte((byte)']');
        return body.ToArray();
    }
}
