using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using AssetCompute.Client.Sqlite;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>A move from a file to the database keeps everything, so that no event is handled again.</summary>
public sealed class InboxImportTests(SharedServer server) : IDisposable
{
    private const int Events = 5_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inbox-import-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Import_OfASqliteInbox_CarriesStatesKnownIdsAndPositionsOver()
    {
        InboxMessage[] messages = [.. Enumerable.Range(0, Events).Select(static i => new InboxMessage($"event-{i:D5}", """{"a":1}"""u8.ToArray()))];
        await using SqliteEventInbox file = new(Path.Combine(_folder.FullName, "inbox.db"));
        await file.AddAsync(messages, new InboxCheckpoint("journal", JournalPosition.After("p-end")), Cancellation);
        IReadOnlyList<InboxDelivery> taken = await file.TakeAsync(Events / 2, TimeSpan.FromHours(1), Cancellation);
        await Task.WhenAll(taken.Select((delivery, i) => file.SettleAsync(
            delivery, i == 0 ? InboxOutcome.DeadLetter("poison") : i == 1 ? InboxOutcome.Retry(TimeSpan.Zero, "busy") : InboxOutcome.Completed, Cancellation).AsTask()));
        await using PostgreSqlEventInbox inbox = new(server.ConnectionString, server.NewSchema());

        Assert.Equal(Events, await inbox.ImportAsync(file, Cancellation));
        Assert.Equal(0, await inbox.ImportAsync(file, Cancellation));

        Assert.Equal(new InboxCounts((Events / 2) + 1, 0, (Events / 2) - 2, 1), await inbox.CountAsync(Cancellation));
        Assert.Equal(JournalPosition.After("p-end"), await inbox.LoadCheckpointAsync("journal", Cancellation));
        Assert.Equal(0, await inbox.AddAsync(messages, cancellationToken: Cancellation));
        InboxDeadLetter letter = Assert.Single(await inbox.ReadDeadLettersAsync(10, Cancellation));
        Assert.Equal(("event-00000", "poison", 1), (letter.Id, letter.Reason, letter.Attempts));
        HashSet<string> left = [.. (await inbox.TakeAsync(Events, TimeSpan.FromHours(1), Cancellation)).Select(static delivery => delivery.Id)];
        Assert.DoesNotContain(taken.Skip(2), delivery => left.Contains(delivery.Id));
    }

    [Fact]
    public async Task Import_OfEventsThatWereTried_KeepsWhenTheyAreDueAndThatOneDiedWithItsProcess()
    {
        await using SqliteEventInbox file = new(Path.Combine(_folder.FullName, "inbox.db"));
        await file.AddAsync([.. new[] { "later", "died" }.Select(static id => new InboxMessage(id, "{}"u8.ToArray()))], cancellationToken: Cancellation);
        IReadOnlyList<InboxDelivery> taken = await file.TakeAsync(2, TimeSpan.FromHours(1), Cancellation);
        await file.SettleAsync(taken[0], InboxOutcome.Retry(TimeSpan.FromHours(1), "busy"), Cancellation);
        await using PostgreSqlEventInbox inbox = new(server.ConnectionString, server.NewSchema());

        await inbox.ImportAsync(file, Cancellation);

        InboxDelivery died = Assert.Single(await inbox.TakeAsync(10, TimeSpan.FromHours(1), Cancellation));
        Assert.Equal(("died", 2, true), (died.Id, died.Attempt, died.WasAbandoned));
        Assert.Equal(new InboxCounts(1, 1, 0, 0), await inbox.CountAsync(Cancellation));
    }
}
