using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>Logs each event, and then works for a random time.</summary>
internal sealed class LoggingHandler(InstanceLog log, HandlerTime time) : IInboxHandler
{
    public async ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
    {
        log.Add(InstanceLog.Handled, delivery.Id);
        await Task.Delay(Random.Shared.Next(time.MostMilliseconds + 1), cancellationToken);
    }
}
