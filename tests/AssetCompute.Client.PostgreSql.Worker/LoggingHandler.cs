using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>Writes down each event that it is given.</summary>
internal sealed class LoggingHandler(InstanceLog log) : IInboxHandler
{
    public async ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
    {
        await Task.Yield();
        log.Add(InstanceLog.Handled, delivery.Id);
    }
}
