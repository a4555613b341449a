using AssetCompute.Client.Inbox;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Sqlite;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

internal static class StoreScenarios
{
    public static Dictionary<string, Func<Task<string>>> All { get; } = new()
    {
        ["InboxException"] = async () =>
        {
            using TemporaryFolder folder = new();
            string file = Path.Combine(folder.Path, "inbox.db");
            await File.WriteAllTextAsync(file, "This is a text and no database, however long one reads it.", ErrorText.Cancel);
            await using SqliteEventInbox inbox = new(file);
            return await ErrorText.OfAsync<InboxException>(async () => await inbox.CountAsync(ErrorText.Cancel));
        },
        ["JournalLeaseLostException"] = async () =>
        {
            InMemoryEventInbox inbox = new();
            JournalLease lease = (await inbox.TryAcquireLeaseAsync("journal", "this process", TimeSpan.FromMinutes(1), ErrorText.Cancel))!;
            await inbox.ReleaseLeaseAsync(lease, ErrorText.Cancel);
            return await ErrorText.OfAsync<JournalLeaseLostException>(async () => await inbox.AddAsync([], new InboxCheckpoint("journal", JournalPosition.Latest, lease), ErrorText.Cancel));
        },
        ["AssetStorageException"] = async () =>
        {
            await using EmulatedAccount account = await EmulatedAccount.StartAsync();
            using EmulatorAssetStorage storage = new(account.Emulator.Endpoint);
            return await ErrorText.OfAsync<AssetStorageException>(() => storage.OpenReadAsync("nothing.png", ErrorText.Cancel));
        },
    };
}
