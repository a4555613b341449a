using System.Reflection;
using System.Xml.Linq;

namespace AssetCompute.Client.PackageTests.PublicFace;

/// <summary>Tests for the conventions of the public API, in each package and for each target framework.</summary>
public class ConventionTests
{
    /// <summary>
    /// Base classes that are also used themselves. A caller catches the exception for all errors. The options of one file apply to each of many files, and the
    /// faults of webhooks also to journals.
    /// </summary>
    private static readonly string[] s_bases = ["AssetCompute.Client.AssetComputeException", "AssetCompute.Client.RenderOptions", "AssetCompute.Emulator.EmulatorEventFaults"];

    public static TheoryData<string> Projects => [.. Repository.Packages.Where(project => project != "AssetCompute.Emulator.Tool")];

    /// <summary>Tests that the file exists, because the build compares the public API only if it does.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void PublicApi_IsComparedByTheBuild(string project) =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, "src", project, "PublicAPI.Shipped.txt")));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Classes_AreSealedOrMadeForInheritance(string project) =>
        Check(project, type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !s_bases.Contains(type.FullName) ? [type.FullName!] : []);

    [Theory]
    [MemberData(nameof(Projects))]
    public void CancellationTokens_AreTheLastParameter(string project) =>
        Check(project, type => Signatures(type)
            .Where(method => method.GetParameters().SkipLast(1).Any(IsCancellationToken))
            .Select(method => $"{type.FullName}.{method.Name}"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void AsyncMethods_AreNamedSoAndTakeACancellationToken(string project) =>
        Check(project, type => Methods(type)
            .Where(method => IsAwaited(method.ReturnType) && method.Name != "DisposeAsync")
            .Where(method => !method.Name.EndsWith("Async", StringComparison.Ordinal) || !method.GetParameters().Any(IsCancellationToken))
            .Select(method => $"{type.FullName}.{method.Name}"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Fields_ThatCanChange_AreNeverPublic(string project) =>
        Check(project, type => type.IsEnum ? [] : type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(field => !field.IsLiteral).Select(field => $"{type.FullName}.{field.Name}"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Types_HaveNamesOfTheirOwnProject(string project) =>
        Check(project, type => type.Namespace is { } name && (name.StartsWith("AssetCompute.", StringComparison.Ordinal) || name is "Microsoft.Extensions.DependencyInjection" or "Microsoft.Extensions.Hosting" or "Microsoft.AspNetCore.Builder" or "Aspire.Hosting" or "Aspire.Hosting.ApplicationModel") ? [] : [type.FullName!]);

    /// <summary>Tests that the documentation file exists and covers each type, even if the compiler warning for missing documentation is disabled.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Documentation_IsThereForEveryType(string project) =>
        Check(project, library =>
        {
            XDocument documentation = XDocument.Load(Path.Combine(Repository.Root, "src", project, "bin", Repository.Configuration, library.Framework, project + ".xml"));
            HashSet<string?> documented = [.. documentation.Descendants("member").Where(member => member.Descendants("summary").Any()).Select(member => (string?)member.Attribute("name"))];
            return library.Types.Select(type => type.FullName!).Where(name => !documented.Contains($"T:{name.Replace('+', '.')}"));
        });

    private static void Check(string project, Func<Type, IEnumerable<string>> offences) => Check(project, library => library.Types.SelectMany(offences));

    private static void Check(string project, Func<Library, IEnumerable<string>> offences)
    {
        foreach (Library library in Library.OfProject(project))
        {
            using (library)
            {
                Assert.Empty(offences(library).Select(name => $"{name} ({library.Framework})"));
            }
        }
    }

    private static IEnumerable<MethodInfo> Methods(Type type) =>
        IsDelegate(type) ? [] : type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName);

    /// <summary>Returns all members with parameters: public and protected methods and constructors, and the Invoke method of a delegate.</summary>
    private static IEnumerable<MethodBase> Signatures(Type type) => IsDelegate(type)
        ? [type.GetMethod("Invoke")!]
        : type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).OfType<MethodBase>().Where(IsVisible);

    private static bool IsDelegate(Type type) => type.BaseType?.FullName == typeof(MulticastDelegate).FullName;

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsCancellationToken(ParameterInfo parameter) => parameter.ParameterType.FullName == typeof(CancellationToken).FullName;

    private static bool IsAwaited(Type type) =>
        type.Namespace is "System.Threading.Tasks" && type.Name is "Task" or "Task`1" or "ValueTask" or "ValueTask`1" || type.Name == "IAsyncEnumerable`1";
}
