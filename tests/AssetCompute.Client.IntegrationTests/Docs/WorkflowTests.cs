using System.Text.RegularExpressions;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Emulator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using YamlDotNet.RepresentationModel;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>Checks the format of the workflows and the compose file, without a runner or a container.</summary>
public partial class WorkflowTests
{
    private const string Compose = "docs/ci/compose.yaml";
    private const string Example = "docs/ci/github.yml";

    public static TheoryData<string> Workflows =>
    [
        .. Directory.EnumerateFiles(Path.Combine(SampleProgram.Root, ".github", "workflows"), "*.yml").Select(file => Path.GetRelativePath(SampleProgram.Root, file).Replace('\\', '/')),
        Example,
    ];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflow_IsWhole(string file)
    {
        YamlMappingNode workflow = Read(file), jobs = Map(workflow, "jobs");

        Assert.True(workflow.Children.ContainsKey("on") && workflow.Children.ContainsKey("permissions"), file);
        Assert.All(jobs.Children.Values.Cast<YamlMappingNode>(), job =>
        {
            Assert.Matches("^(ubuntu-latest|\\$\\{\\{ matrix.os \\}\\})$", Text(job, "runs-on"));
            Assert.True(!job.Children.TryGetValue("needs", out YamlNode? needed) || jobs.Children.ContainsKey(needed), $"{file} needs a job that is not there.");
            Assert.All(((YamlSequenceNode)job.Children["steps"]).Cast<YamlMappingNode>(), step => Assert.True(step.Children.ContainsKey("uses") ^ step.Children.ContainsKey("run")));
        });
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflow_RunsWhatIsThere(string file)
    {
        foreach (string path in RepositoryPath().Matches(File.ReadAllText(Path.Combine(SampleProgram.Root, file))).Select(path => path.Value))
        {
            Assert.True(Path.Exists(Path.Combine(SampleProgram.Root, path)), $"{file} names {path}, which is not there.");
        }
    }

    [Fact]
    public void UnitTests_RunOnThreeSystems()
    {
        YamlMappingNode unit = Map(Map(Read(".github/workflows/ci.yml"), "jobs"), "unit");

        Assert.Equal(["ubuntu-latest", "windows-latest", "macos-latest"], ((YamlSequenceNode)Map(Map(unit, "strategy"), "matrix").Children["os"]).Select(system => system.ToString()));
    }

    [Fact]
    public void Release_AuditsAndTestsBeforeItPublishes()
    {
        YamlMappingNode jobs = Map(Read(".github/workflows/release.yml"), "jobs");
        string packages = jobs.Children["packages"].ToString();

        Assert.Equal("packages", Text(Map(jobs, "publish"), "needs"));
        Assert.Contains("-p:NuGetAudit=true", packages, StringComparison.Ordinal);
        Assert.Contains(".ci/run", packages, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_StartsTheEmulatorBeforeTheTests()
    {
        YamlMappingNode services = Map(Read(Compose), "services"), tests = Map(services, "tests");

        Assert.True(Map(services, "emulator").Children.ContainsKey("healthcheck"));
        Assert.Equal("service_healthy", Text(Map(Map(tests, "depends_on"), "emulator"), "condition"));
        Assert.Equal("service:emulator", Text(tests, "network_mode"));
    }

    /// <summary>Tests that the settings of both examples connect a client to an emulator.</summary>
    [Theory]
    [InlineData(Compose)]
    [InlineData(Example)]
    public async Task Settings_OfTheExamples_AreThoseOfTheEmulator(string file)
    {
        YamlMappingNode variables = file == Compose ? Map(Map(Map(Read(file), "services"), "tests"), "environment") : Map(Map(Map(Read(file), "jobs"), "test"), "env");
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(TestContext.Current.CancellationToken);
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(variables.Children.ToDictionary(
                variable => variable.Key.ToString().Replace("__", ":", StringComparison.Ordinal),
                string? (variable) => variable.Value.ToString().Replace("http://127.0.0.1:8080", emulator.Endpoint.OriginalString, StringComparison.Ordinal)))
            .Build();
        ServiceCollection services = new();
        services.AddAssetCompute(configuration.GetSection("AssetCompute"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IAssetComputeClient>().RegisterAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, emulator.Calls.Count(EmulatorOperation.Register));
    }

    private static YamlMappingNode Read(string file)
    {
        using StreamReader reader = File.OpenText(Path.Combine(SampleProgram.Root, file));
        YamlStream yaml = [];
        yaml.Load(reader);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[key];

    private static string Text(YamlMappingNode node, string key) => node.Children[key].ToString();

    [GeneratedRegex(@"(?<![\w/.])(?:tests|samples|src|docs|\.ci)/[\w./-]*\w|\w[\w.]*\.sln\b")]
    private static partial Regex RepositoryPath();
}
