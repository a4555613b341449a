using System.Diagnostics;

namespace AssetCompute.Emulator.Tests;

/// <summary>The photographs, and ImageMagick's own tools to measure renditions with.</summary>
internal static class TestFiles
{
    /// <summary>The real tools stand together: where <c>identify</c> is, <c>convert</c> and <c>compare</c> are ImageMagick's.</summary>
    private static readonly string Tools = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "identify")))
        ?? throw new InvalidOperationException("These tests need ImageMagick: sudo apt-get install imagemagick");

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    public static string PhotoPath(string name) => Path.Combine(AppContext.BaseDirectory, "Photos", name);

    public static byte[] Photo(string name) => File.ReadAllBytes(PhotoPath(name));

    public static async Task<(int ExitCode, string Output)> RunAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Tools, tool), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    public static async Task ConvertAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync("convert", arguments);
        Assert.True(exitCode == 0, output);
    }

    public static async Task<string> IdentifyAsync(string format, string path)
    {
        var (exitCode, output) = await RunAsync("identify", "-format", format, path);
        Assert.True(exitCode == 0, output);
        return output.Trim();
    }

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
