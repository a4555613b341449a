using System.Globalization;
using System.Text;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>Reads a journal of numbers that never ends into the inbox, while it holds the lease.</summary>
internal sealed class Reader(IEventInbox inbox, SettlementLog log, string owner)
{
    private const int Page = 20;
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await inbox.TryAcquireLeaseAsync("reader", owner, s_lease, cancellationToken) is { } lease)
                {
                    JournalPosition position = await inbox.LoadCheckpointAsync("journal", cancellationToken) ?? default;
                    int next = position.Value is { } last ? int.Parse(last, CultureInfo.InvariantCulture) + 1 : 0;
                    InboxMessage[] messages = [.. Enumerable.Range(next, Page).Select(number => new InboxMessage($"event-{number}", Encoding.UTF8.GetBytes($"{number}")))];
                    await inbox.AddAsync(messages, new InboxCheckpoint("journal", JournalPosition.After($"{next + Page - 1}"), lease), cancellationToken);
                    log.Add(SettlementLog.Stored, $"{next}");
                }
            }
            catch (InboxException)
            {
                // Another holds the lease by now, or the server is away.
            }

            await Task.Delay(s_pause, cancellationToken);
        }
    }
}
