namespace AssetCompute.Client.PackageTests.PublicFace;

/// <summary>What others can call is what tests/PublicApi says. To change it is a deliberate act; docs/CONTRIBUTING.md has the command.</summary>
public class PublicApiTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "PublicApi");

    public static TheoryData<string> Projects => [.. Repository.Packages.Where(project => project != "AssetCompute.Emulator.Tool")];

    private static bool IsUpdate => Environment.GetEnvironmentVariable("ASSET_COMPUTE_UPDATE_PUBLIC_API") == "1";

    [Theory]
    [MemberData(nameof(Projects))]
    public void PublicApi_OfEachPackage_IsWhatItsTextSays(string project)
    {
        string file = Path.Combine(s_folder, project + ".txt");
        string built = ApiText.Of(project);
        if (IsUpdate)
        {
            Directory.CreateDirectory(s_folder);
            File.WriteAllText(file, built);
            return;
        }

        string[] held = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n").Split('\n') : [];
        string[] now = built.Split('\n');
        Assert.True(
            held.SequenceEqual(now),
            $"The public face of {project} is not what tests/PublicApi/{project}.txt says. Where that is meant, docs/CONTRIBUTING.md has the command.\n"
            + string.Join('\n', held.Except(now).Select(line => "- " + line).Concat(now.Except(held).Select(line => "+ " + line))));
    }

    [Fact]
    public void Texts_AreOfPackagesThatExist()
    {
        Assert.SkipWhen(IsUpdate, "The texts are being written.");
        Assert.Equal(Projects.Select(row => row.Data).Order(StringComparer.Ordinal), Directory.EnumerateFiles(s_folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
    }
}
