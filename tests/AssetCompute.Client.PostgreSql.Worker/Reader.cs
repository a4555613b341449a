using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.PostgreSql.Worker;

internal sealed class Reader(IEventInbox inbox, SettlementLog log, string owner)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _ = inbox; _ = log; _ = owner;
        await Task.Delay(-1, cancellationToken);
    }
}
