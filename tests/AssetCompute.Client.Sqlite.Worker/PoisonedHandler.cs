using System.Diagnostics;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Workers;

/// <summary>Completes every event, except those named "poison", which end the process like a crash.</summary>
internal sealed class PoisonedHandler : IInboxHandler
{
    public async ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
    {
        await Task.Delay(50, cancellationToken);
        if (delivery.Id.StartsWith("poison", StringComparison.Ordinal))
        {
            Process.GetCurrentProcess().Kill();
        }

        // This is longer than the poisoned event takes, so that the events that were taken with it are still in progress.
        await Task.Delay(100, cancellationToken);
    }
}
