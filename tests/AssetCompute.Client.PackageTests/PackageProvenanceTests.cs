using System.Reflection.Metadata;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AssetCompute.Client.PackageTests;

/// <summary>Tests for the origin of a package: its commit, its source link, and a reproducible build.</summary>
public class PackageProvenanceTests(Clone clone, OtherClone other)
{
    private static readonly Guid s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid s_embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Fact]
    public async Task Package_OfAClone_NamesRepositoryAndCommit()
    {
        using Package package = new(await clone.PackAsync(), "AssetCompute.Client");

        Assert.Equal("git", (string?)package.Repository?.Attribute("type"));
        Assert.Equal(Clone.Remote, (string?)package.Repository?.Attribute("url"));
        Assert.Equal(Clone.Commit, (string?)package.Repository?.Attribute("commit"));
    }

    [Fact]
    public async Task Symbols_OfAClone_LeadToEverySource()
    {
        using Package package = new(await clone.PackAsync(), "AssetCompute.Client");

        Assert.Equal(2, package.Libraries.Count());
        foreach (string library in package.Libraries)
        {
            using MetadataReaderProvider symbols = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(package.ReadSymbols(Path.ChangeExtension(library, ".pdb"))));
            MetadataReader reader = symbols.GetMetadataReader();
            JsonNode link = JsonNode.Parse(Assert.Single(Information(reader, EntityHandle.ModuleDefinition, s_sourceLink)))!;
            Assert.Equal($"https://raw.githubusercontent.com/asset-compute/example/{Clone.Commit}/*", (string?)link["documents"]!["/_/*"]);

            // Generated sources aren't in the repository, so they are embedded in the symbols.
            string[] linked = [.. reader.Documents.Where(document => !Information(reader, document, s_embeddedSource).Any()).Select(document => reader.GetString(reader.GetDocument(document).Name))];
            Assert.NotEmpty(linked);
            Assert.All(linked, name => Assert.True(name.StartsWith("/_/src/", StringComparison.Ordinal) && File.Exists(Path.Combine(Repository.Root, name["/_/".Length..])), $"{library}: {name}"));
        }
    }

    [Fact]
    public async Task Libraries_CompiledInAnotherFolder_AreTheSameByteForByte()
    {
        using Package package = new(await clone.PackAsync(), "AssetCompute.Client");

        // Analyzers don't change the output.
        await other.Clone.BuildAsync(() => other.Clone.ShellAsync(other.Clone.Folder, "dotnet build src/AssetCompute.Client -c Release -v q -p:RunAnalyzers=false"));

        Assert.All(package.Libraries, library => Assert.Equal(
            Convert.ToHexString(SHA256.HashData(package.Read(library))),
            Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(other.Clone.Folder, "src", "AssetCompute.Client", "bin", "Release", Path.GetRelativePath("lib", library)))))));
    }

    private static IEnumerable<byte[]> Information(MetadataReader reader, EntityHandle of, Guid kind) =>
        reader.GetCustomDebugInformation(of).Select(reader.GetCustomDebugInformation).Where(information => reader.GetGuid(information.Kind) == kind).Select(information => reader.GetBlobBytes(information.Value));
}
