using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace AssetCompute.Client.PackageTests.PublicFace;

/// <summary>A library for one target framework, inspected without loading it for execution.</summary>
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

    /// <summary>The public types, sorted by name.</summary>
    public IReadOnlyList<Type> Types { get; }

    /// <summary>Returns the library of a project for each target framework of the project. Output for former target frameworks is ignored.</summary>
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
        // The folder of the library comes first, because its dependencies take precedence over those of these tests.
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        string aspNetCore = runtime.Replace("Microsoft.NETCore.App", "Microsoft.AspNetCore.App", StringComparison.Ordinal);
        IEnumerable<string> files = new[] { Path.GetDirectoryName(file)!, AppContext.BaseDirectory, runtime, aspNetCore }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"))
            .DistinctBy(path => Path.GetFileName(path));
        MetadataLoadContext context = new(new PathAssemblyResolver(files), "System.Private.CoreLib");
        return new Library(context, context.LoadFromAssemblyPath(file), framework);
    }
}
