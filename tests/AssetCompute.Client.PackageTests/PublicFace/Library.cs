using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace AssetCompute.Client.PackageTests.PublicFace;

/// <summary>A library as it was built for one target framework, read without being loaded.</summary>
internal sealed class Library : IDisposable
{
    private readonly MetadataLoadContext _context;

    private Library(MetadataLoadContext context, Assembly assembly, string framework)
    {
        _context = context;
        Framework = framework;
        Types = [.. assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)];
    }

    public string Framework { get; }

    /// <summary>The types that others can see, by name.</summary>
    public IReadOnlyList<Type> Types { get; }

    /// <summary>The library of a project, for each of the target frameworks that the project names: what an earlier one left in the folder does not count.</summary>
    public static IReadOnlyList<Library> OfProject(string project)
    {
        string folder = Path.Combine(Repository.Root, "src", project);
        string[] frameworks =
        [
            .. XDocument.Load(Path.Combine(folder, project + ".csproj")).Descendants()
                .Single(element => element.Name.LocalName is "TargetFramework" or "TargetFrameworks").Value
                .Split(';').Order(StringComparer.Ordinal),
        ];
        return [.. frameworks.Select(framework => Load(Path.Combine(folder, "bin", Repository.Configuration, framework, project + ".dll"), framework))];
    }

    public void Dispose() => _context.Dispose();

    private static Library Load(string file, string framework)
    {
        // The folder of the library first: what it was compiled with goes before what these tests happen to have.
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        string aspNetCore = runtime.Replace("Microsoft.NETCore.App", "Microsoft.AspNetCore.App", StringComparison.Ordinal);
        IEnumerable<string> files = new[] { Path.GetDirectoryName(file)!, AppContext.BaseDirectory, runtime, aspNetCore }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"))
            .DistinctBy(path => Path.GetFileName(path));
        MetadataLoadContext context = new(new PathAssemblyResolver(files), "System.Private.CoreLib");
        return new Library(context, context.LoadFromAssemblyPath(file), framework);
    }
}
