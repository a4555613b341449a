using System.Diagnostics;
using AssetCompute.Client.Processes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Samples;

public class FolderRenditionsTests
{
    private static readonly string[] s_suffixes = [".thumbnail.png", ".web.jpg", ".web.webp"];

    [Fact]
    public async Task Run_FolderWithABrokenFile_MakesTheOthersAndSaysWhy()
    {
        using TemporaryFolder folder = new();
        await WritePhotographsAsync(folder, "a.bmp", "sub/b.bmp");
        await File.WriteAllTextAsync(folder.File("photos/broken.jpg"), "No picture.", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.File("photos/notes.txt"), "No picture, and not taken for one.", TestContext.Current.CancellationToken);

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["photos", "--output", "out"], sample: "FolderRenditions");

        Assert.Equal(1, program.ExitCode);
        Assert.Contains("broken.jpg: 3 failed, SourceCorrupt", program.Output, StringComparison.Ordinal);
        Assert.Equal(Expected("a.bmp", "sub/b.bmp"), FilesOf(folder));
        Assert.Equal("PNG 133 100", await SampleProgram.IdentifyAsync(folder.File("out/a.bmp.thumbnail.png")));
    }

    [Fact]
    public async Task Run_Again_MakesOnlyWhatIsMissingOrOld()
    {
        using TemporaryFolder folder = new();
        await WritePhotographsAsync(folder, "a.bmp", "b.bmp", "c.bmp");
        await using AssetComputeEmulator emulator = await StartAsync();
        string[] arguments = ["photos", "--output", "out", "--emulator", emulator.Endpoint.AbsoluteUri];

        ProgramRun first = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions");
        File.Delete(folder.File("out/b.bmp.web.jpg"));
        File.SetLastWriteTimeUtc(folder.File("photos/c.bmp"), DateTime.UtcNow.AddMinutes(1));
        emulator.Calls.Clear();
        ProgramRun second = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions");

        Assert.True(first.ExitCode == 0, first.Output + first.Errors);
        Assert.True(second.ExitCode == 0, second.Output + second.Errors);
        Assert.Contains("2 of 3 photographs to do, 5 renditions are there already.", second.Output, StringComparison.Ordinal);
        Assert.Equal(2, emulator.Calls.Count(EmulatorOperation.Process));
        Assert.Equal(Expected("a.bmp", "b.bmp", "c.bmp"), FilesOf(folder));
        Assert.Empty(emulator.Storage.Names);
    }

    [Fact]
    public async Task Run_Killed_GoesOnWhereItStopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals there.");
        using TemporaryFolder folder = new();
        string[] photographs = [.. Enumerable.Range(0, 12).Select(i => $"{i:00}.bmp")];
        await WritePhotographsAsync(folder, photographs);
        await using AssetComputeEmulator emulator = await StartAsync();
        string[] arguments = ["photos", "--output", "out", "--parallel", "2", "--emulator", emulator.Endpoint.AbsoluteUri];
        int seen = 0;

        ProgramRun killed = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions", onLine: (line, process) =>
        {
            if (line.StartsWith('✓') && ++seen == 3)
            {
                process.Kill();
            }
        });
        int there = FilesOf(folder).Count(file => !file.EndsWith(".tmp", StringComparison.Ordinal));
        ProgramRun second = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions");

        Assert.NotEqual(0, killed.ExitCode);
        Assert.InRange(there, 9, 35);
        Assert.True(second.ExitCode == 0, second.Output + second.Errors);
        Assert.Equal(Expected(photographs), FilesOf(folder));
    }

    [Fact]
    public async Task Run_Interrupted_SaysSoAndLeavesNothingInTheStorage()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals there.");
        using TemporaryFolder folder = new();
        await WritePhotographsAsync(folder, [.. Enumerable.Range(0, 12).Select(i => $"{i:00}.bmp")]);
        await using AssetComputeEmulator emulator = await StartAsync();
        bool isInterrupted = false;

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["photos", "--parallel", "2", "--emulator", emulator.Endpoint.AbsoluteUri], sample: "FolderRenditions", onLine: (line, process) =>
        {
            if (line.StartsWith('✓') && !isInterrupted)
            {
                isInterrupted = true;
                using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
                kill.WaitForExit();
            }
        });

        Assert.Equal(130, program.ExitCode);
        Assert.Contains("Cancelled. Start it again to go on.", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(emulator.Storage.Names, name => name.Contains("source", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Run_FolderWithTemporaryFiles_RemovesOnlyThoseOfAKilledRun()
    {
        using TemporaryFolder folder = new();
        await WritePhotographsAsync(folder, "a.bmp");
        string rest = $"a.bmp.web.jpg.{Guid.NewGuid():N}.tmp";
        string[] others = ["notes.tmp", $"notes.{Guid.NewGuid():N}.tmp", "a.bmp.web.jpg.tmp", "a.bmp.web.jpg.0123.tmp"];
        foreach (string name in others.Append(rest))
        {
            Directory.CreateDirectory(folder.File("out"));
            await File.WriteAllTextAsync(folder.File($"out/{name}"), "Half a file.", TestContext.Current.CancellationToken);
        }

        await using AssetComputeEmulator emulator = await StartAsync();

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["photos", "--output", "out", "--emulator", emulator.Endpoint.AbsoluteUri], sample: "FolderRenditions");

        Assert.True(program.ExitCode == 0, program.Output + program.Errors);
        Assert.Equal(Expected("a.bmp").Concat(others).Order(StringComparer.Ordinal), FilesOf(folder));
    }

    [Theory]
    [InlineData("photos")]
    [InlineData("photos/")]
    [InlineData("photos/../photos")]
    [InlineData(".")]
    [InlineData("/")]
    public async Task Run_OutputThatHoldsTheFolder_IsRefused(string output)
    {
        using TemporaryFolder folder = new();
        await WritePhotographsAsync(folder, "a.bmp");

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["photos", "--output", output], sample: "FolderRenditions");

        Assert.Equal(1, program.ExitCode);
        Assert.StartsWith("--output must be another folder than that of the photographs", program.Errors, StringComparison.Ordinal);
        Assert.Equal([folder.File("photos/a.bmp")], Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("nowhere", "Directory does not exist: 'nowhere'.")]
    [InlineData(".", "--parallel must be 1 to 256.", "--parallel", "0")]
    public async Task Run_ArgumentThatMakesNoSense_SaysSo(string folderName, string message, params string[] more)
    {
        using TemporaryFolder folder = new();

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, [folderName, .. more], sample: "FolderRenditions");

        Assert.Equal(1, program.ExitCode);
        Assert.StartsWith(message, program.Errors, StringComparison.Ordinal);
    }

    private static Task<AssetComputeEmulator> StartAsync() => AssetComputeEmulator.StartAsync(
        options =>
        {
            options.Rendering.Mode = EmulatorRenderingMode.None;
            options.Journal.RetryAfter = TimeSpan.Zero;
        },
        TestContext.Current.CancellationToken);

    private static async Task WritePhotographsAsync(TemporaryFolder folder, params string[] names)
    {
        foreach (string name in names)
        {
            string path = folder.File($"photos/{name}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await QuickstartTests.WriteBitmapAsync(path, width: 320, height: 240);
        }
    }

    private static IEnumerable<string> Expected(params string[] photographs) =>
        photographs.SelectMany(photograph => s_suffixes.Select(suffix => photograph + suffix)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> FilesOf(TemporaryFolder folder) =>
        Directory.EnumerateFiles(folder.File("out"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.File("out"), file)).Order(StringComparer.Ordinal);
}
