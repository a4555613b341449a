using System.IO.Compression;
using System.Xml.Linq;

namespace AssetCompute.Client.PackageTests;

/// <summary>The content of a package and its symbols.</summary>
internal sealed class Package : IDisposable
{
    private readonly ZipArchive _symbols;

    /// <param name="files">The files to search for the package.</param>
    /// <param name="id">The ID of the package.</param>
    public Package(IEnumerable<string> files, string id)
    {
        string file = FileOf(files, id);
        string symbols = Path.ChangeExtension(file, ".snupkg");
        Assert.True(File.Exists(symbols), $"{id} has no symbols.");
        Files = ZipFile.OpenRead(file);
        _symbols = ZipFile.OpenRead(symbols);
        using Stream stream = Files.GetEntry(id + ".nuspec")!.Open();
        Metadata = XDocument.Load(stream).Root!.Elements().Single();
    }

    public ZipArchive Files { get; }

    /// <summary>The metadata of the package.</summary>
    public XElement Metadata { get; }

    /// <summary>The third-party packages and shared frameworks that the package depends on, for all target frameworks.</summary>
    public IEnumerable<string> Dependencies => Metadata.Descendants()
        .Select(element => element.Name.LocalName switch
        {
            "dependency" => (string)element.Attribute("id")!,
            "frameworkReference" => (string)element.Attribute("name")!,
            _ => "",
        })
        .Where(name => name.Length > 0 && !name.StartsWith("AssetCompute.", StringComparison.Ordinal))
        .Distinct();

    /// <summary>The paths of the libraries in the package.</summary>
    public IEnumerable<string> Libraries => Files.Entries.Select(entry => entry.FullName)
        .Where(path => path.StartsWith("lib/", StringComparison.Ordinal) && path.EndsWith(".dll", StringComparison.Ordinal));

    public static string VersionOf(IEnumerable<string> files, string id) => Path.GetFileNameWithoutExtension(FileOf(files, id))[(id.Length + 1)..];

    public byte[] Read(string path) => Read(Files, path);

    public byte[] ReadSymbols(string path) => Read(_symbols, path);

    /// <summary>Returns the text of a metadata element, or an empty string if the element doesn't exist.</summary>
    public string Text(string name) => Metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

    /// <summary>The repository in the metadata of the package, or null if there is none.</summary>
    public XElement? Repository => Metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "repository");

    public void Dispose()
    {
        Files.Dispose();
        _symbols.Dispose();
    }

    /// <summary>Finds the file of a package. The ID must be followed by a version, because it can be the prefix of another ID.</summary>
    private static string FileOf(IEnumerable<string> files, string id) => Assert.Single(
        files,
        file => Path.GetFileName(file) is var name && name.StartsWith(id + ".", StringComparison.Ordinal) && char.IsAsciiDigit(name[id.Length + 1]) && name.EndsWith(".nupkg", StringComparison.Ordinal));

    private static byte[] Read(ZipArchive zip, string path)
    {
        using Stream stream = zip.GetEntry(path)?.Open() ?? throw new FileNotFoundException("The package has no such file.", path);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
