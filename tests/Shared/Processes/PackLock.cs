using AssetCompute.Client.Tests;

namespace AssetCompute.Client.Processes;

/// <summary>Lets one test program at a time pack the projects of this repository, because packing writes to their folders.</summary>
internal static class PackLock
{
    // Half an hour at least: a pack on a loaded machine takes minutes. After it, the exception names the file.
    private const int MaxTries = 18_000;

    /// <summary>Waits until no other program packs.</summary>
    /// <returns>The lock, until it is disposed of.</returns>
    public static async Task<IDisposable> TakeAsync()
    {
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(RepositoryRoot.Path, "artifacts")).FullName, "pack.lock");
        for (int tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < MaxTries)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
