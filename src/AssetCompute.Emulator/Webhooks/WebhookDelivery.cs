using System.Text;

namespace AssetCompute.Emulator;

/// <summary>The content of a POST to a webhook. It is the same for all attempts.</summary>
internal sealed class WebhookDelivery(IReadOnlyList<WebhookEvent> events, bool isBatch, DateTimeOffset time)
{
    public string Id { get; } = Guid.NewGuid().ToString("D");

    public IReadOnlyList<WebhookEvent> Events => events;

    public bool IsBatch => isBatch;

    /// <summary>The time before the first attempt.</summary>
    public DateTimeOffset Time => time;

    public byte[] Body { get; } = isBatch
        ? Encoding.UTF8.GetBytes($"[{string.Join(',', events.Select(@event => Encoding.UTF8.GetString(@event.Envelope)))}]")
        : events[0].Envelope;
}
