using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>One worker: takes, completes, and goes on after whatever happens to the server.</summary>
internal sealed class Drain(IEventInbox inbox, SettlementLog log, int stallEvery)
{
    private static readonly TimeSpan s_visibilityTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                IReadOnlyList<InboxDelivery> deliveries = await inbox.TakeAsync(16, s_visibilityTimeout, cancellationToken);
                foreach (InboxDelivery delivery in deliveries)
                {
                    log.Add(SettlementLog.Taken, delivery.Id);
                    if (stallEvery > 0 && Random.Shared.Next(stallEvery) == 0)
                    {
                        // As a machine that swaps or pauses: by then the event is another worker's.
                        await Task.Delay(s_visibilityTimeout + TimeSpan.FromMilliseconds(500), cancellationToken);
                    }

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
