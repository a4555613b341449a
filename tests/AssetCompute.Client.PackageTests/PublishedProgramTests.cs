using AssetCompute.Client.StorageTests;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>Tests for programs that install the packages and are published: trimmed, natively, or as one file.</summary>
public class PublishedProgramTests(PackageFeed feed)
{
    [Fact]
    public async Task GettingStarted_TrimmedAndSelfContained_PrintsItsEvent()
    {
        Assert.SkipUnless(InstalledPrograms.CanPublish, "Published for linux-x64.");
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();

        string output = await feed.Programs.RunAsync("GettingStartedTrimmed", "GettingStarted", emulator.Endpoint, Repository.Photograph);

        Assert.StartsWith(InstalledPackageTests.Created, output, StringComparison.Ordinal);
        Assert.InRange(Directory.EnumerateFiles(await feed.Programs.FolderOfAsync("GettingStartedTrimmed")).Sum(file => new FileInfo(file).Length), 1, 40_000_000);
    }

    [Fact]
    public async Task ProgramWithAzureBlobs_Native_PublishesWithoutAWarningStoresABlobAndPrintsItsEvent()
    {
        Assert.SkipUnless(InstalledPrograms.CanPublish, "Published for linux-x64.");
        await using NodeServer azurite = await NodeServer.StartAsync("start-azurite.cjs", cancellationToken: TestContext.Current.CancellationToken);
        await AzuriteContainer.CreateAsync(azurite.Endpoint);
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();

        string read = await feed.Programs.RunAsync("AzureBlobsNative", "AzureBlobs", emulator: null, AzuriteContainer.UrlOf(azurite.Endpoint, DateTimeOffset.UtcNow.AddDays(1)).AbsoluteUri);
        string rendered = await feed.Programs.RunAsync("AzureBlobsNative", "AzureBlobs", emulator.Endpoint, Repository.Photograph);

        Assert.Equal("Dear reader", read.Trim());
        Assert.StartsWith(InstalledPackageTests.Created, rendered, StringComparison.Ordinal);
        string program = Path.Combine(await feed.Programs.FolderOfAsync("AzureBlobsNative"), "AzureBlobs");
        Assert.False(File.Exists(program + ".dll"));
        Assert.InRange(new FileInfo(program).Length, 1, 20_000_000);
    }

    /// <summary>The native form is published only for a release, because it takes as long as all other forms together.</summary>
    public static TheoryData<string> FormsOfTheEmulator => PackageFeed.IsOfARelease ? ["RenderingSingleFile", "RenderingNative"] : ["RenderingSingleFile"];

    /// <summary>Tests that the render worker, a separate program, starts for each published form of its host.</summary>
    [Theory]
    [MemberData(nameof(FormsOfTheEmulator))]
    public async Task ProgramWithTheEmulator_PublishedAsOneFileOrNatively_Renders(string form)
    {
        Assert.SkipUnless(InstalledPrograms.CanPublish, "Published for linux-x64.");

        string output = await feed.Programs.RunAsync(form, "Rendering", emulator: null, Repository.Photograph);

        Assert.StartsWith(InstalledPackageTests.Created, output, StringComparison.Ordinal);
        string published = await feed.Programs.FolderOfAsync(form);
        Assert.False(File.Exists(Path.Combine(published, "Rendering.dll")));
        Assert.Equal(["linux-x64"], Directory.EnumerateDirectories(Path.Combine(published, "asset-compute-worker", "runtimes")).Select(Path.GetFileName));
    }
}
