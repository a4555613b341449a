using AssetCompute.Client.Tests;

namespace AssetCompute.Client.Brokers;

/// <summary>Where the samples are built: in the folder of the same name as the program that asks, bin/configuration/framework.</summary>
internal static class SampleProgram
{
    public static string Path(string sample) => Path(RepositoryRoot.Path, "samples", sample);

    /// <summary>A program of a build.</summary>
    /// <param name="root">The folder of the repository.</param>
    /// <param name="folder">The folder of the project's kind: samples or tests.</param>
    /// <param name="project">The project.</param>
    public static string Path(string root, string folder, string project) => System.IO.Path.Combine(root, folder, project, "bin", Bin(), project + ".dll");

    private static string Bin()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        return System.IO.Path.Combine(folder.Parent!.Name, folder.Name);
    }
}
