using AssetCompute.Client.IntegrationTests.Samples;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

internal static class CheckpointScenarios
{
    public static Dictionary<string, Func<Task<string>>> All { get; } = new()
    {
        ["The checkpoint '…' cannot be read from …"] = () => InFolderAsync(async folder =>
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "photos.checkpoint"), "half of a posi", ErrorText.Cancel);
            using FileJournalCheckpointStore store = new(folder);
            return await ErrorText.OfAsync<JournalCheckpointException>(async () => await store.LoadAsync("photos", ErrorText.Cancel));
        }),
        ["The checkpoint '…' cannot be written to …"] = () => InFolderAsync(async folder =>
        {
            // A folder with the name of the file prevents the write.
            Directory.CreateDirectory(Path.Combine(folder, "photos.checkpoint.next"));
            using FileJournalCheckpointStore store = new(folder);
            return await ErrorText.OfAsync<JournalCheckpointException>(async () => await store.SaveAsync("photos", JournalPosition.After("rabbit:1"), ErrorText.Cancel));
        }),
        ["Another process or host uses the checkpoint '…': stop it, or use another name or folder here."] = () => InFolderAsync(async folder =>
        {
            using FileJournalCheckpointStore first = new(folder);
            await first.LoadAsync("photos", ErrorText.Cancel);
            using FileJournalCheckpointStore second = new(folder);
            return await ErrorText.OfAsync<JournalCheckpointException>(async () => await second.LoadAsync("photos", ErrorText.Cancel));
        }),
    };

    private static async Task<string> InFolderAsync(Func<string, Task<string>> run)
    {
        using TemporaryFolder folder = new();
        return await run(folder.Path);
    }
}
