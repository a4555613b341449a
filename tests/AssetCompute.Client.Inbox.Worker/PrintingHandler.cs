using AssetCompute.Client.Inbox;
using Microsoft.Extensions.Configuration;

namespace AssetCompute.Client.Workers;

/// <summary>Works for a random time, then prints the event's id, like the samples on brokers.</summary>
internal sealed class PrintingHandler(IConfiguration configuration) : IInboxHandler
{
    private readonly int _work = configuration.GetValue("Work:MaxMilliseconds", 0);

    public async ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
    {
        await Task.Delay(Random.Shared.Next(_work + 1), cancellationToken);
        Console.WriteLine($"other {Uri.EscapeDataString(delivery.Id)} ()");
    }
}
