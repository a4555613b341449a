using AssetCompute.Client.Tests;

namespace AssetCompute.Client.Brokers;

/// <summary>Locates built samples, in the same bin/configuration/framework folder as the calling program.</summary>
internal static class SampleProgram
{
    public static string Path(string sample) => Path(RepositoryRoot.Path, "samples", sample);

    /// <summary>The path of a built program.</summary>
    /// <param name="root">The root folder of the repository.</param>
    /// <param name="folder">The parent folder of the project: samples or tests.</param>
    /// <param name="project">The project.</param>
    public static string Path(string root, string folder, string project) => System.IO.Path.Combine(root, folder, project, "bin", Bin(), project + ".dll");

    private static string Bin()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        return System.IO.Path.Combine(folder.Parent!.Name, folder.Name);
    }
}
