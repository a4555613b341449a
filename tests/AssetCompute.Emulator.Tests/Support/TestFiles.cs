namespace AssetCompute.Emulator.Tests;

/// <summary>The photos and other files of the repository.</summary>
internal static class TestFiles
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    public static string PhotoPath(string name) => Path.Combine(AppContext.BaseDirectory, "Photos", name);

    public static byte[] Photo(string name) => File.ReadAllBytes(PhotoPath(name));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AssetCompute.Client.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests were not built inside the repository.");
    }
}
