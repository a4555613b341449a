namespace AssetCompute.Emulator.Tests;

/// <summary>A folder for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asset-compute-tests-");

    public string Path => _folder.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public async Task<string> SaveAsync(string name, ReadOnlyMemory<byte> content)
    {
        await File.WriteAllBytesAsync(this[name], content, TestContext.Current.CancellationToken);
        return this[name];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
