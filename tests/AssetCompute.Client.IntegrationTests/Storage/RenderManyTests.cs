using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Storage;

public partial class RenderManyTests
{
    private static readonly FileRendition[] s_two = [new("web.jpg", new Rendition { Width = 1280 }), new("*.webp")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RenderMany_Folder_MakesEveryFileAndTheProgressAddsUp()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "sub/b.PNG", "sub/c.jpg");
        List<RenderProgress> progress = [];

        List<RenderResult> results = await setup.Renderer.RenderManyAsync(files, new RenderManyOptions { MaxParallel = 2, Progress = new ProgressLog<RenderProgress>(progress) }, Token).ToListAsync(Token);

        Assert.All(results, static result => Assert.True(result.Succeeded, result.ToString()));
        Assert.Equal(files.Select(static file => file.Path), results.Select(static result => result.Source).Order(StringComparer.Ordinal));
        Assert.Equal(["a.web.jpg", "a.webp", "sub/b.web.jpg", "sub/b.webp", "sub/c.web.jpg", "sub/c.webp"], Outputs(setup));
        Assert.Equal(3, setup.Emulator.Calls.Count(EmulatorOperation.Process));
        Assert.Empty(setup.Emulator.Storage.Names);
        Assert.Contains(progress, static report => report is { SucceededFiles: 3, FailedFiles: 0, Files: 3, OverallFraction: 1, Path: null, Stage: RenderStage.Completed });
        Assert.All(progress, static report => Assert.InRange(report.OverallFraction, report.Fraction / 3, 1));
        Assert.Equal(6, progress.Count(static report => report is { Stage: RenderStage.Completed, Path: not null }));
        Assert.Equal(files.Select(static file => file.Path), progress.Select(static report => report.Source).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RenderMany_Again_AsksForNothingThatIsFinished()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "b.jpg");
        await RunAsync(setup, files);
        setup.Emulator.Calls.Clear();

        List<RenderResult> again = await RunAsync(setup, files);

        Assert.Empty(again);
        Assert.Equal(0, setup.Emulator.Calls.Count(EmulatorOperation.Process));
        Assert.Equal((0, 4), (RenderPlan.Create(files).Renditions, RenderPlan.Create(files).FinishedRenditions));
        Assert.Equal(2, (await RunAsync(setup, files, new RenderManyOptions { SkipExisting = false })).Count);
    }

    [Fact]
    public async Task RenderMany_OutputMissing_IsMadeAlone()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "b.jpg");
        await RunAsync(setup, files);
        File.Delete(setup.PathOf("out/b.webp"));

        List<RenderResult> again = await RunAsync(setup, files);

        Assert.Equal(setup.PathOf("out/b.webp"), Assert.Single(Assert.Single(again).Files).Requested.Path);
    }

    [Fact]
    public async Task RenderMany_SourceChanged_IsMadeAgain()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "b.jpg");
        await RunAsync(setup, files);

        // An older timestamp, such as that of a file from a backup, is also a change.
        File.SetLastWriteTimeUtc(files[0].Path, DateTime.UtcNow.AddDays(-3));

        Assert.Equal(files[0].Path, Assert.Single(await RunAsync(setup, files)).Source);
        Assert.Empty(await RunAsync(setup, files));
    }

    [Fact]
    public async Task RenderMany_OtherInstructions_AreMadeAgainAndTheirRenditionAlone()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        await RunAsync(setup, await FilesAsync(setup, "a.jpg"));
        IReadOnlyList<RenderFile> other = RenderFile.InFolder(setup.PathOf("photos"), setup.PathOf("out"), [new("web.jpg", new Rendition { Width = 640 }), new("*.webp")]);

        RenderResult again = Assert.Single(await RunAsync(setup, other));

        Assert.Equal(setup.PathOf("out/a.web.jpg"), Assert.Single(again.Files).Requested.Path);
        Assert.Empty(await RunAsync(setup, other));
    }

    [Fact]
    public async Task RenderMany_OutputsWithoutAState_AreFinishedWhereTheyAreNotOlder()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "b.jpg");
        await RunAsync(setup, files);
        File.Delete(setup.PathOf("out/.asset-compute-state"));
        File.SetLastWriteTimeUtc(files[1].Path, DateTime.UtcNow.AddMinutes(1));

        Assert.Equal(files[1].Path, Assert.Single(RenderPlan.Create(files).Files).Path);
    }

    [Fact]
    public async Task RenderMany_StateThatWasCutOffByAKill_IsReadAsFarAsItGoes()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "b.jpg");
        await RunAsync(setup, [files[0]]);
        await File.AppendAllTextAsync(setup.PathOf("out/.asset-compute-state"), "{\"Output\":\"/half", Token);

        Assert.Equal(files[1].Path, Assert.Single(await RunAsync(setup, files)).Source);
        Assert.Empty(await RunAsync(setup, files));
    }

    [Fact]
    public async Task RenderMany_FilesThatFail_AreResultsAndTheOthersGoOn()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "b.jpg", "c.jpg");
        RenderFile odd = new(files[2].Path, [new FileRendition(setup.PathOf("out/c.nonsense")), new FileRendition(setup.PathOf("out/c.png"))]);
        File.Delete(files[1].Path);
        List<RenderProgress> progress = [];

        List<RenderResult> results = await RunAsync(setup, [files[0], files[1], odd], new RenderManyOptions { Progress = new ProgressLog<RenderProgress>(progress) });

        Assert.True(results.Single(result => result.Source == files[0].Path).Succeeded);
        RenderResult missing = results.Single(result => result.Source == files[1].Path);
        Assert.Equal(files[1].Renditions, missing.Files.Select(static file => file.Requested));
        Assert.All(missing.Files, static file => Assert.IsType<FileNotFoundException>(file.Error));
        RenderResult failed = results.Single(result => result.Source == odd.Path);
        Assert.False(failed.Succeeded);
        Assert.True(failed.Files[1].Succeeded);
        Assert.Contains(progress, static report => report is { SucceededFiles: 1, FailedFiles: 2, OverallFraction: 1 });
        Assert.Contains(progress, report => report is { Stage: RenderStage.Failed, Path: null } && report.Source == files[1].Path);
        Assert.Contains(progress, static report => report is { Stage: RenderStage.Failed, Event: RenditionFailed });
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RenderMany_LeftEarly_LeavesNothingInTheStorage(bool cancel)
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, [.. Enumerable.Range(0, 10).Select(static i => $"{i}.jpg")]);
        using CancellationTokenSource cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);

        Exception? thrown = await Record.ExceptionAsync(async () =>
        {
            await foreach (RenderResult _ in setup.Renderer.RenderManyAsync(files, new RenderManyOptions { MaxParallel = 3 }, cancelled.Token))
            {
                if (!cancel)
                {
                    break;
                }

                await cancelled.CancelAsync();
            }
        });

        Assert.Equal(cancel, thrown is OperationCanceledException);
        Assert.Empty(setup.Emulator.Storage.Names);
        Assert.True(setup.Emulator.Calls.Count(EmulatorOperation.Process) < 10);
        List<RenderResult> rest = await RunAsync(setup, files);
        Assert.Equal(20, Outputs(setup).Count());
        Assert.InRange(rest.Count, 1, 9);
    }

    [Fact]
    public async Task RenderMany_WhatAKilledRunLeft_IsRemovedAndOthersFilesStay()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg");
        string rest = $".{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("a.webp"u8), 0, 6)}-0123abcd.tmp";
        string[] others = [".notes.tmp", "a.webp.tmp", $".{new string('0', 12)}-0123abcd.tmp"];
        Directory.CreateDirectory(setup.PathOf("out"));
        foreach (string name in others.Append(rest))
        {
            await File.WriteAllTextAsync(setup.PathOf($"out/{name}"), "Half a file.", Token);
        }

        await RunAsync(setup, files);

        Assert.Equal(others.Concat(["a.web.jpg", "a.webp"]).Order(StringComparer.Ordinal), Outputs(setup));
    }

    [Theory]
    [MemberData(nameof(StorageTests.AssetStorageContract.OddNames), MemberType = typeof(StorageTests.AssetStorageContract))]
    public async Task RenderMany_OddNames_GoThroughAndComeBackTheSame(string name)
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, $"{name}.jpg");

        RenderResult result = Assert.Single(await RunAsync(setup, files));

        Assert.True(result.Succeeded, result.ToString());
        Assert.Equal([$"{name}.web.jpg", $"{name}.webp"], Outputs(setup));
        Assert.Equal(Path.GetFileName($"{name}.jpg"), setup.Jobs.Requests[0].Source!.Name);
    }

    [Fact]
    public async Task Render_OutputAsLongAsTheFileSystemAllows_IsWritten()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        string name = $"{new string('n', 251)}.jpg";

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf(name))]);

        Assert.True(result.Succeeded, result.Files[0].ToString());
        Assert.Equal([name], setup.Files);
    }

    [Fact]
    public async Task InFolder_Patterns_ChooseFilesWithoutCaseAndWithoutTheOutput()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        await FilesAsync(setup, "a.JPG", "b.png", "notes.txt", "raw/c.jpg", "out/d.jpg");
        string photos = setup.PathOf("photos");

        IReadOnlyList<RenderFile> files = RenderFile.InFolder(photos, Path.Combine(photos, "out"), s_two, "**/*.jpg", "!raw/**");

        Assert.Equal([Path.Combine(photos, "a.JPG")], files.Select(static file => file.Path));
        Assert.Equal([Path.Combine(photos, "out", "a.web.jpg"), Path.Combine(photos, "out", "a.webp")], files[0].Renditions.Select(static rendition => rendition.Path));
        Assert.Throws<ArgumentException>("output", () => RenderFile.InFolder(photos, photos, s_two));
        Assert.Throws<ArgumentException>("output", () => RenderFile.InFolder(photos, setup.PathOf("."), s_two));
        Assert.Throws<DirectoryNotFoundException>(() => RenderFile.InFolder(setup.PathOf("nowhere"), photos, s_two));
    }

    private static async Task<IReadOnlyList<RenderFile>> FilesAsync(RendererSetup setup, params string[] names)
    {
        foreach (string name in names)
        {
            string path = setup.PathOf($"photos/{name}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, [1, 2, 3], Token);
        }

        return RenderFile.InFolder(setup.PathOf("photos"), setup.PathOf("out"), s_two);
    }

    private static Task<List<RenderResult>> RunAsync(RendererSetup setup, IEnumerable<RenderFile> files, RenderManyOptions? options = null) =>
        setup.Renderer.RenderManyAsync(files, options, Token).ToListAsync(Token).AsTask();

    private static IEnumerable<string> Outputs(RendererSetup setup) =>
        setup.Files.Where(static file => file.StartsWith("out/", StringComparison.Ordinal) && Path.GetFileName(file) != ".asset-compute-state").Select(static file => file[4..]);
}
