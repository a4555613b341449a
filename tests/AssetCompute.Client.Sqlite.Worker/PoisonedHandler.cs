using System.Diagnostics;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Workers;

/// <summary>Completes every event but those named "poison", each of which ends the process as a crash does.</summary>
internal sealed class PoisonedHandler : IInboxHandler
{
    public async ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
    {
        await Task.Delay(50, cancellationToken);
        if (delivery.Id.StartsWith("poison", StringComparison.Ordinal))
        {
            Process.GetCurrentProcess().Kill();
        }

        // Longer than the poison takes, so that all that were taken with it are still under way.
        await Task.Delay(100, cancellationToken);
    }
}
