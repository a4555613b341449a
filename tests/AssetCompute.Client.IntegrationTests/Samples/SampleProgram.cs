using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AssetCompute.Client.Processes;
using AssetCompute.Client.Tests;

namespace AssetCompute.Client.IntegrationTests.Samples;

/// <summary>Runs a sample in a separate process, as a user does.</summary>
internal static class SampleProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(20);

    /// <summary>The root of the repository.</summary>
    public static string Root => RepositoryRoot.Path;

    /// <param name="folder">The working directory.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="environment">Environment variables to set.</param>
    /// <param name="onLine">Called with each line of output and the process that wrote it.</param>
    /// <param name="sample">The name of the sample.</param>
    public static Task<ProgramRun> RunAsync(
        string folder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string, Process>? onLine = null,
        string sample = "Quickstart")
    {
        // Samples are built by the same "dotnet" command as these tests, so both output paths end with bin/<configuration>/<framework>.
        DirectoryInfo framework = new(AppContext.BaseDirectory);
        string program = Path.Combine(Root, "samples", sample, "bin", framework.Parent!.Name, framework.Name, sample + ".dll");
        Assert.True(File.Exists(program), $"Build the solution first: there is no '{program}'.");
        return ProgramRun.OfAsync("dotnet", [program, .. arguments], s_limit, folder, environment, onLine);
    }

    /// <summary>Runs ImageMagick's <c>identify</c>. By default, returns the format, width, and height of a picture.</summary>
    public static Task<string> IdentifyAsync(string path, string format = "%m %w %h") => IdentifyAsync(format, [path]);

    /// <summary>Runs ImageMagick's <c>identify</c> on several pictures.</summary>
    public static async Task<string> IdentifyAsync(string format, IEnumerable<string> paths)
    {
        ProgramRun identify = await ProgramRun.OfAsync("identify", ["-format", format, .. paths], s_limit);
        Assert.True(identify.ExitCode == 0, identify.Errors);
        return identify.Output.Trim();
    }

    /// <summary>Runs ImageMagick's <c>compare</c>. Returns the root mean square difference of the pixels, from 0 to 1.</summary>
    public static async Task<double> CompareAsync(string first, string second)
    {
        ProgramRun compare = await ProgramRun.OfAsync("compare", ["-metric", "RMSE", first, second, "null:"], s_limit);
        Match difference = Regex.Match(compare.Errors, @"\(([\d.e+-]+)\)");
        Assert.True(compare.ExitCode is 0 or 1 && difference.Success, compare.Errors);
        return double.Parse(difference.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Runs ImageMagick's <c>convert</c>, which also converts a truncated file, with a warning.</summary>
    public static async Task ConvertAsync(string from, string to)
    {
        await ProgramRun.OfAsync("convert", [from, "-quality", "85", to], s_limit);
        Assert.True(File.Exists(to), $"ImageMagick has not written '{to}'.");
    }
}
