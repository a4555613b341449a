namespace AssetCompute.Client.Tests;

/// <summary>The folder of the solution, found by searching upward from the test output.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "AssetCompute.Client.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests were not built inside the repository.");
    }
}
