using System.Diagnostics;
using System.Globalization;
using AssetCompute.Client.Processes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Samples;

public class FolderRenditionsTests
{
    private static readonly string[] s_suffixes = [".thumbnail.png", ".web.jpg", ".web.webp"];

    private static int ManyFiles { get; } = int.Parse(Environment.GetEnvironmentVariable("ASSETCOMPUTE_MANY_FILES") ?? "60", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Run_FolderWithABrokenFile_MakesTheOthersAndSaysWhy()
    {
        using TemporaryFolder folder = new();
        await WritePhotographsAsync(folder, "a.bmp", "sub/b.bmp");
        await File.WriteAllTextAsync(folder.File("photos/broken.jpg"), "No picture.", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.File("photos/notes.txt"), "No picture, and not taken for one.", TestContext.Current.CancellationToken);

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["photos", "--out", "out"], sample: "FolderRenditions");

        Assert.Equal(1, program.ExitCode);
        Assert.Contains("broken.jpg: SourceCorrupt", program.Output, StringComparison.Ordinal);
        Assert.Equal(Expected("a.bmp", "sub/b.bmp"), FilesOf(folder).Where(static file => file != "failures.csv"));
        Assert.Equal("PNG 133 100", await SampleProgram.IdentifyAsync(folder.File("out/a.thumbnail.png")));
        string[] failures = await File.ReadAllLinesAsync(folder.File("out/failures.csv"), TestContext.Current.CancellationToken);
        Assert.Equal("source,rendition,reason", failures[0]);
        Assert.Equal(s_suffixes.Select(suffix => $"\"{folder.File("photos/broken.jpg")}\",\"{folder.File($"out/broken{suffix}")}\",\"SourceCorrupt: "), failures[1..].Select(static line => line[..(line.IndexOf("SourceCorrupt: ", StringComparison.Ordinal) + 15)]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_Again_MakesOnlyWhatIsMissingOrOld()
    {
        using TemporaryFolder folder = new();
        await WritePhotographsAsync(folder, "a.bmp", "b.bmp", "c.bmp");
        await using AssetComputeEmulator emulator = await StartAsync();
        string[] arguments = ["photos", "--out", "out", "--emulator", emulator.Endpoint.AbsoluteUri];

        ProgramRun first = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions");
        File.Delete(folder.File("out/b.web.jpg"));
        File.SetLastWriteTimeUtc(folder.File("photos/c.bmp"), DateTime.UtcNow.AddMinutes(1));
        emulator.Calls.Clear();
        ProgramRun second = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions");

        Assert.True(first.ExitCode == 0, first.Output + first.Errors);
        Assert.True(second.ExitCode == 0, second.Output + second.Errors);
        Assert.Contains("2 of 3 photographs to send", second.Output, StringComparison.Ordinal);
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
        string[] arguments = ["photos", "--out", "out", "--parallel", "2", "--emulator", emulator.Endpoint.AbsoluteUri];
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
        await WritePhotographsAsync(folder, "a.bmp", "b.bmp");
        await using AssetComputeEmulator emulator = await StartAsync();
        emulator.Faults.Next(EmulatorOperation.Process, EmulatorFault.Late(TimeSpan.FromMinutes(10)), calls: 2);
        Task? interrupting = null;

        ProgramRun program = await SampleProgram.RunAsync(
            folder.Path,
            ["photos", "--parallel", "2", "--emulator", emulator.Endpoint.AbsoluteUri],
            sample: "FolderRenditions",
            onLine: (_, process) => interrupting ??= InterruptAsync(process));

        await interrupting!;
        Assert.Equal(130, program.ExitCode);
        Assert.Contains("Canceled. Start it again to continue.", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(emulator.Storage.Names, name => name.Contains("source", StringComparison.OrdinalIgnoreCase));

        // At this point, both sources are uploaded, so no upload is interrupted.
        async Task InterruptAsync(Process process)
        {
            while (emulator.Calls.Count(EmulatorOperation.Process) < 2)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            ProgramRun.Interrupt(process);
        }
    }

    [Fact]
    public async Task Run_FolderWithTemporaryFiles_RemovesOnlyThoseOfAKilledRun()
    {
        using TemporaryFolder folder = new();
        await WritePhotographsAsync(folder, "a.bmp");
        string rest = $".{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("a.web.jpg"u8), 0, 6)}-0123abcd.tmp";
        string[] others = ["notes.tmp", ".notes-0123abcd.tmp", "a.web.jpg.tmp", $".{new string('0', 12)}-0123abcd.tmp"];
        foreach (string name in others.Append(rest))
        {
            Directory.CreateDirectory(folder.File("out"));
            await File.WriteAllTextAsync(folder.File($"out/{name}"), "Half a file.", TestContext.Current.CancellationToken);
        }

        await using AssetComputeEmulator emulator = await StartAsync();

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["photos", "--out", "out", "--emulator", emulator.Endpoint.AbsoluteUri], sample: "FolderRenditions");

        Assert.True(program.ExitCode == 0, program.Output + program.Errors);
        Assert.Equal(Expected("a.bmp").Concat(others).Order(StringComparer.Ordinal), FilesOf(folder));
    }

    [Fact]
    public async Task Run_ManyPhotographsKilledAtAnyMoment_ContinuesAndAsksForNothingTwice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals there.");
        using TemporaryFolder folder = new();
        byte[] photograph = new byte[2_000_000];
        Directory.CreateDirectory(folder.File("photos"));
        string[] names = [.. Enumerable.Range(0, ManyFiles).Select(static i => $"{i:000}.jpg")];
        foreach (string name in names)
        {
            Random.Shared.NextBytes(photograph);
            await File.WriteAllBytesAsync(folder.File($"photos/{name}"), photograph, TestContext.Current.CancellationToken);
        }

        await using AssetComputeEmulator emulator = await StartAsync();
        string[] arguments = ["photos", "--out", "out", "--emulator", emulator.Endpoint.AbsoluteUri];
        int killAfter = Random.Shared.Next(1, ManyFiles - 10);
        TestContext.Current.TestOutputHelper!.WriteLine($"Killed after {killAfter} of {ManyFiles}.");
        int seen = 0;
        long peak = 0;

        ProgramRun killed = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions", onLine: (line, process) =>
        {
            if (line.StartsWith('✓') && ++seen == killAfter)
            {
                process.Kill();
            }
        });
        Dictionary<string, DateTime> finished = FilesOf(folder).Where(static file => !file.EndsWith(".tmp", StringComparison.Ordinal))
            .ToDictionary(static file => file, file => File.GetLastWriteTimeUtc(folder.File($"out/{file}")));
        int complete = names.Count(name => s_suffixes.All(suffix => finished.ContainsKey(Path.ChangeExtension(name, null) + suffix)));
        emulator.Calls.Clear();
        ProgramRun second = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions", onLine: (line, process) =>
        {
            if (OperatingSystem.IsLinux())
            {
                peak = Math.Max(peak, PeakOf(process));
            }
        });

        Assert.Equal(137, killed.ExitCode);
        Assert.InRange(complete, killAfter, ManyFiles - 1);
        Assert.True(second.ExitCode == 0, second.Output + second.Errors);
        Assert.Equal(Expected(names), FilesOf(folder));
        Assert.All(finished, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(folder.File($"out/{file.Key}"))));
        Assert.Single(FilesOf(folder).Select(file => new FileInfo(folder.File($"out/{file}")).Length).Distinct());
        Assert.Equal(ManyFiles - complete, emulator.Calls.Count(EmulatorOperation.Process));
        Assert.InRange(peak, 0, 200_000_000);
        TestContext.Current.TestOutputHelper!.WriteLine($"Peak of the resident memory: {peak:N0} bytes.");
    }

    [Fact]
    public async Task Run_DryRunAndMax_SayWhatIsSentAndStopThere()
    {
        using TemporaryFolder folder = new();
        await WritePhotographsAsync(folder, "a.bmp", "b.bmp", "c.bmp");
        await using AssetComputeEmulator emulator = await StartAsync();
        string[] arguments = ["photos", "--out", "out", "--rendition", "name=web.jpg,width=1280,quality=80", "--rendition", "name=*.webp", "--max", "2", "--emulator", emulator.Endpoint.AbsoluteUri];

        ProgramRun dry = await SampleProgram.RunAsync(folder.Path, [.. arguments, "--dry-run"], sample: "FolderRenditions");
        Assert.Equal((0, 0), (dry.ExitCode, emulator.Calls.Count(EmulatorOperation.Process)));
        Assert.Contains("2 of 3 photographs to send", dry.Output, StringComparison.Ordinal);
        Assert.Contains("4 renditions to make", dry.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("out")));

        ProgramRun first = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions");
        Assert.Equal((3, 2), (first.ExitCode, emulator.Calls.Count(EmulatorOperation.Process)));
        Assert.Equal(["a.web.jpg", "a.webp", "b.web.jpg", "b.webp"], FilesOf(folder));

        ProgramRun second = await SampleProgram.RunAsync(folder.Path, arguments, sample: "FolderRenditions");
        Assert.Equal((0, 3), (second.ExitCode, emulator.Calls.Count(EmulatorOperation.Process)));
    }

    private static long PeakOf(Process process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process.Id}/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The process has just exited.
            return 0;
        }
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

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["photos", "--out", output], sample: "FolderRenditions");

        Assert.Equal(2, program.ExitCode);
        Assert.StartsWith("The output folder must not contain the folder of the sources", program.Errors, StringComparison.Ordinal);
        Assert.Equal([folder.File("photos/a.bmp")], Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("nowhere", "Directory does not exist: 'nowhere'.")]
    [InlineData(".", "RenderManyOptions.MaxParallel must be 1 to 256.", "--parallel", "0")]
    [InlineData(".", "--rendition name=a.jpg,colour=red: 'colour' is not known.", "--rendition", "name=a.jpg,colour=red")]
    [InlineData(".", "--rendition width=10: name is missing", "--rendition", "width=10")]
    public async Task Run_ArgumentThatMakesNoSense_SaysSo(string folderName, string message, params string[] more)
    {
        using TemporaryFolder folder = new();

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, [folderName, .. more], sample: "FolderRenditions");

        Assert.Equal(2, program.ExitCode);
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
        photographs.SelectMany(photograph => s_suffixes.Select(suffix => Path.ChangeExtension(photograph, null) + suffix)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> FilesOf(TemporaryFolder folder) =>
        Directory.EnumerateFiles(folder.File("out"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.File("out"), file)).Where(static file => file != ".asset-compute-state").Order(StringComparer.Ordinal);
}
