using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>One worker: takes, completes, and goes on after whatever happens to the server.</summary>
internal sealed class Drain(IEventInbox inbox, SettlementLog log)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                IReadOnlyList<InboxDelivery> deliveries = await inbox.TakeAsync(16, TimeSpan.FromSeconds(2), cancellationToken);
                foreach (InboxDelivery delivery in deliveries)
                {
                    log.Add(SettlementLog.Taken, delivery.Id);
                    log.Add(await inbox.SettleAsync(delivery, InboxOutcome.Completed, cancellationToken) ? SettlementLog.Completed : SettlementLog.Refused, delivery.Id);
                }

                if (deliveries.Count > 0)
                {
                    continue;
                }
            }
            catch (InboxException)
            {
                // The server was killed, or has not come back yet. What was taken comes back by itself.
            }

            await Task.Delay(s_pause, cancellationToken);
        }
    }
}
