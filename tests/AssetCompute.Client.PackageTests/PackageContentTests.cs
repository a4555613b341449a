namespace AssetCompute.Client.PackageTests;

/// <summary>Tests for the content and metadata of each package.</summary>
public class PackageContentTests(PackageFeed feed)
{
    public static TheoryData<string> Packages => [.. Repository.Packages];

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task Package_HasAllThatAPackageHas(string id)
    {
        using Package package = new(await feed.PackAsync(), id);

        Assert.All(["description", "license", "icon", "readme", "tags", "authors", "copyright"], name => Assert.NotEmpty(package.Text(name)));
        Assert.Equal("Apache-2.0", package.Text("license"));
        Assert.All([package.Text("icon"), package.Text("readme")], name => Assert.NotEmpty(package.Read(name)));
        Assert.All(package.Libraries, library => Assert.NotEmpty(package.Read(Path.ChangeExtension(library, ".xml"))));
        Assert.All(package.Libraries, library => Assert.NotEmpty(package.ReadSymbols(Path.ChangeExtension(library, ".pdb"))));
        if (Path.Exists(Path.Combine(Repository.Root, ".git")))
        {
            Assert.Matches("^[0-9a-f]{40}$", (string?)package.Repository?.Attribute("commit"));
        }
    }

    /// <summary>Tests that each dependency of a package is listed on the page, so that a new one is a deliberate decision.</summary>
    [Theory]
    [MemberData(nameof(Packages))]
    public async Task Package_DependsOnWhatThePageSaysAndNothingElse(string id)
    {
        using Package package = new(await feed.PackAsync(), id);

        Assert.Equal(DependenciesPage.Of(id).Order(StringComparer.Ordinal), package.Dependencies.Order(StringComparer.Ordinal));
    }
}
