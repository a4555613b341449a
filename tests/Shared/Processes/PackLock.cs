using AssetCompute.Client.Tests;

namespace AssetCompute.Client.Processes;

/// <summary>Lets one test program at a time pack the projects of this repository, because packing writes to their folders.</summary>
internal static class PackLock
{
    /// <summary>Waits until no other program packs.</summary>
    /// <returns>The lock, until it is disposed of.</returns>
    public static async Task<IDisposable> TakeAsync()
    {
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(RepositoryRoot.Path, "artifacts")).FullName, "pack.lock");
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
