using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>The rows of an inbox in its first layout, which the tests of each database create.</summary>
internal static class FirstLayout
{
    /// <summary>Asserts that an inbox reads these rows: an open, a completed and a dead event, a checkpoint, and a lease with the fence 41.</summary>
    public static async Task AssertIsReadAsync(SqlEventInbox inbox, CancellationToken cancellationToken)
    {
        InboxDelivery delivery = Assert.Single(await inbox.TakeAsync(10, TimeSpan.FromMinutes(1), cancellationToken));
        Assert.Equal(("open", 2), (delivery.Id, delivery.Attempt));
        Assert.Equal("why", Assert.Single(await inbox.ReadDeadLettersAsync(10, cancellationToken)).Reason);
        Assert.Equal(JournalPosition.After("p:7"), await inbox.LoadCheckpointAsync("journal", cancellationToken));
        Assert.Equal(42, (await inbox.TryAcquireLeaseAsync("journal:journal", "new", TimeSpan.FromMinutes(1), cancellationToken))!.Fence);
        Assert.Equal(0, await inbox.AddAsync([new InboxMessage("done", "{}"u8.ToArray())], cancellationToken: cancellationToken));
        Assert.True(await inbox.SettleAsync(delivery, InboxOutcome.Completed, cancellationToken));
    }
}
