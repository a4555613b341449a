using System.Collections.Concurrent;
using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

/// <summary>Runs the test's code, and then records the events.</summary>
internal sealed class RecordingHandler : IWebhookHandler
{
    public ConcurrentQueue<WebhookEvent> Events { get; } = new();

    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public async ValueTask HandleAsync(IReadOnlyList<WebhookEvent> events, CancellationToken cancellationToken)
    {
        await Before(cancellationToken);
        foreach (WebhookEvent received in events)
        {
            Events.Enqueue(received);
        }
    }
}
