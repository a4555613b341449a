using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AssetCompute.Client.Processes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Samples;

public class QuickstartTests
{
    private static readonly string[] Names =
        ["thumbnail-48.png", "preview-319.png", "web-1280.jpg", "web-1280.webp", "watermark-1280.jpg", "poster.hologram"];

    [Fact]
    public async Task Run_ShippedPhotograph_LeavesFiveRenditionsThatAgreeWithTheirEvents()
    {
        using TemporaryFolder folder = new();

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["--output", "out"]);

        Assert.True(program.ExitCode == 0, program.Output + program.Errors);
        JsonNode result = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("out/result.json"), TestContext.Current.CancellationToken))!;
        JsonArray renditions = result["renditions"]!.AsArray();
        Assert.Equal(Names, renditions.Select(rendition => (string?)rendition!["name"]));
        string[] expected = ["PNG 48 36", "PNG 319 239", "JPEG 1280 960", "WEBP 1280 960", "JPEG 1280 960"];
        for (int i = 0; i < expected.Length; i++)
        {
            JsonNode rendition = renditions[i]!;
            string file = folder.File($"out/{Names[i]}");
            byte[] content = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal("created", (string?)rendition["status"]);
            Assert.Equal(expected[i], await SampleProgram.IdentifyAsync(file));
            Assert.EndsWith($" {rendition["width"]} {rendition["height"]}", expected[i], StringComparison.Ordinal);
            Assert.Equal((long?)rendition["bytes"], content.Length);
            Assert.Equal((string?)rendition["sha1"], Sha1Of(content));
            Assert.Contains(Sha1Of(content), program.Output, StringComparison.Ordinal);
        }

        Assert.NotEqual((string?)renditions[2]!["sha1"], (string?)renditions[4]!["sha1"]);
    }

    [Fact]
    public async Task Run_FormatThatNobodyMakes_ShowsTheFailureWithItsReason()
    {
        using TemporaryFolder folder = new();
        await WriteBitmapAsync(folder.File("small.bmp"));

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["small.bmp", "--output", "out"]);

        Assert.True(program.ExitCode == 0, program.Output + program.Errors);
        Assert.Contains("poster.hologram failed, as it should: RenditionFormatUnsupported", program.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("out/poster.hologram")));
    }

    [Fact]
    public async Task Run_NameWithMarkup_IsEscapedInThePageAndInTheTerminal()
    {
        const string name = "[red]<b>&amp;{{style}}.bmp";
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Such a name is not allowed there.");
        using TemporaryFolder folder = new();
        await WriteBitmapAsync(folder.File(name));

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, [name, "--output", "out"]);

        Assert.True(program.ExitCode == 0, program.Output + program.Errors);
        Assert.Contains(name, program.Output, StringComparison.Ordinal);
        string page = await File.ReadAllTextAsync(folder.File("out/index.html"), TestContext.Current.CancellationToken);
        Assert.Contains("<h1>Renditions of [red]&lt;b&gt;&amp;amp;{{style}}.bmp</h1>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CorruptPhotograph_SaysSoAndFails()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder.File("broken.jpg"), [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3], TestContext.Current.CancellationToken);

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["broken.jpg", "--output", "out"]);

        Assert.Equal(1, program.ExitCode);
        Assert.Contains("thumbnail-48.png: SourceCorrupt", program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.jpg", "There is no file 'missing.jpg'")]
    [InlineData("notes.txt", "'notes.txt' is not an image")]
    [InlineData(".", "'.' is a folder")]
    [InlineData("--fast", "The argument '--fast' is not understood.")]
    public async Task Run_ArgumentThatIsNoPhotograph_SaysWhatIsWrong(string argument, string message)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("notes.txt"), "No image at all.", TestContext.Current.CancellationToken);

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, [argument, "--output", "out"]);

        Assert.Equal(2, program.ExitCode);
        Assert.StartsWith(message, program.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public async Task Run_Interrupted_EndsAtOnceWithoutATrace()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals there.");
        using TemporaryFolder folder = new();

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["--output", "out"], onLine: (line, process) =>
        {
            if (line.StartsWith("Requesting", StringComparison.Ordinal))
            {
                using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
                kill.WaitForExit();
            }
        });

        Assert.Equal(130, program.ExitCode);
        Assert.Equal("Canceled." + Environment.NewLine, program.Errors);
        Assert.Empty(Directory.GetFiles(folder.File("out")));
    }

    [Fact]
    public async Task Run_Account_MakesOneRenditionFromTheSettingsOfTheEnvironment()
    {
        using TemporaryFolder folder = new();
        await WriteBitmapAsync(folder.File("small.bmp"));
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(TestContext.Current.CancellationToken);
        await emulator.Storage.PutAsync(
            "small.bmp",
            await File.ReadAllBytesAsync(folder.File("small.bmp"), TestContext.Current.CancellationToken),
            "image/bmp",
            TestContext.Current.CancellationToken);

        ProgramRun program = await SampleProgram.RunAsync(
            folder.Path,
            ["--account", $"{emulator.Storage.CreateReadUrl("small.bmp")}", $"{emulator.Storage.CreateWriteUrl("web.jpg")}"],
            new Dictionary<string, string>
            {
                ["AssetCompute__Endpoint"] = $"{emulator.Endpoint}",
                ["AssetCompute__ImsEndpoint"] = $"{emulator.ImsEndpoint}",
                ["AssetCompute__OrganizationId"] = EmulatorClient.WellKnown.OrganizationId,
                ["AssetCompute__ClientId"] = EmulatorClient.WellKnown.ClientId,
                ["AssetCompute__ClientSecrets__0"] = EmulatorClient.WellKnown.ClientSecrets[0],
            });

        Assert.True(program.ExitCode == 0, program.Output + program.Errors);
        Assert.Contains("web.jpg: 64×48", program.Output, StringComparison.Ordinal);
        Assert.True(emulator.Storage.Exists("web.jpg"));
    }

    /// <summary>Writes a bitmap of a single gray. The width must be a multiple of 4.</summary>
    internal static Task WriteBitmapAsync(string path, int width = 64, int height = 48)
    {
        const int head = 54;
        byte[] bitmap = new byte[head + (width * height * 3)];
        bitmap.AsSpan(head).Fill(0x99);
        "BM"u8.CopyTo(bitmap);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(2), bitmap.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(10), head);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(14), head - 14);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(22), height);
        bitmap[26] = 1;
        bitmap[28] = 24;
        return File.WriteAllBytesAsync(path, bitmap, TestContext.Current.CancellationToken);
    }

#pragma warning disable CA5350 // The service's checksum is SHA-1.
    private static string Sha1Of(byte[] content) => Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
}
