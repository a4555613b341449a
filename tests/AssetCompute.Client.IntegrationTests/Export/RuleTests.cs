using System.Text;
using AssetExport;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for metadata rules and file names.</summary>
public sealed class RuleTests
{
    [Fact]
    public void Decide_ByPropertiesAndValuesOfTheSettings_NeedsNoOwnSchema()
    {
        RuleOptions options = new() { DestinationProperty = "dc:rights", ImmediateProperty = "xmp:Rating" };
        options.DestinationValues["Press"] = "azure,s3";
        options.DestinationValues["none"] = "";
        options.ImmediateValues.Add("5");
        ExportRules rules = new(options);

        ExportDecision press = rules.Decide("/content/dam/a.jpg", Metadata(("dc:rights", "press"), ("xmp:Rating", "5")));
        ExportDecision named = rules.Decide("/content/dam/a.jpg", Metadata(("dc:rights", "sftp"), ("xmp:Rating", "4")));

        Assert.Equal(["azure", "s3"], press.Destinations);
        Assert.True(press.IsImmediate);
        Assert.Equal("dc:rights is 'press', xmp:Rating is '5'", press.Why);
        Assert.Equal(["sftp"], named.Destinations);
        Assert.False(named.IsImmediate);
        Assert.Empty(rules.Decide("/content/dam/a.jpg", Metadata(("dc:rights", "none"))).Destinations);
        Assert.Empty(rules.Decide("/content/dam/a.jpg", Metadata()).Destinations);
    }

    [Fact]
    public void Decide_WithoutTheProperties_IsByTheDeepestFolder()
    {
        RuleOptions options = new();
        options.Folders.Add(new FolderRule { Path = "/content/dam/campaign", Destinations = "azure" });
        options.Folders.Add(new FolderRule { Path = "/content/dam/campaign/press/", Destinations = "azure, sftp", Immediate = true });
        ExportRules rules = new(options);

        Assert.Equal(["azure"], rules.Decide("/content/dam/campaign/a.jpg", Metadata()).Destinations);
        Assert.Equal(["azure"], rules.Decide("/content/dam/campaign/pressing/a.jpg", Metadata()).Destinations);
        ExportDecision press = rules.Decide("/content/dam/campaign/press/a.jpg", Metadata(("exportDestination", "")));
        Assert.Equal(["azure", "sftp"], press.Destinations);
        Assert.True(press.IsImmediate);
        Assert.Contains("the folder /content/dam/campaign/press is exported to", press.Why, StringComparison.Ordinal);
        Assert.False(rules.Decide("/content/dam/campaign/press/a.jpg", Metadata(("exportImmediately", "no"))).IsImmediate);
        Assert.Equal(["s3"], rules.Decide("/content/dam/campaign/press/a.jpg", Metadata(("exportDestination", "s3"))).Destinations);
        Assert.Empty(rules.Decide("/content/dam/other/a.jpg", Metadata()).Destinations);
    }

    [Theory]
    [InlineData("{path}", "content/dam/campaign/photo.jpg")]
    [InlineData("{name}", "photo.jpg")]
    [InlineData("web/{stem}-{sha1:8}{extension}", "web/photo-0123abcd.jpg")]
    [InlineData("{folder}/{sha1}", "content/dam/campaign/0123abcd0123abcd0123abcd0123abcd0123abcd")]
    [InlineData("{dc:creator}/{name}", "Ada-Grace/photo.jpg")]
    [InlineData("{dots}/{name}", "__/photo.jpg")]
    [InlineData("{control}.x", "a-b.x")]
    public void Expand_OfATemplate_IsASafeName(string template, string expected) =>
        Assert.Equal(expected, Template(template).Expand("/content/dam/campaign/photo.jpg", "0123abcd0123abcd0123abcd0123abcd0123abcd", Metadata(("dc:creator", "Ada/Grace"), ("dots", ".."), ("control", "a\nb"))));

    [Fact]
    public void Expand_WithoutWhatTheNameNeeds_SaysSo()
    {
        Assert.Contains("'dc:title'", Assert.Throws<DestinationRefusedException>(() => Template("{dc:title}").Expand("/content/dam/a", null, Metadata(("dc:title", " ")))).Message, StringComparison.Ordinal);
        Assert.Contains("SHA-1", Assert.Throws<DestinationRefusedException>(() => Template("{sha1:8}").Expand("/content/dam/a", null, Metadata())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Expand_OfAnyValue_LeadsNowhereElse() => Prop.ForAll<string>(static value =>
    {
        string name;
        try
        {
            name = Template("in/{any}/{name}").Expand("/content/dam/a.txt", null, Metadata(("any", value ?? "")));
        }
        catch (DestinationRefusedException)
        {
            return string.IsNullOrWhiteSpace(value) || value.Any(char.IsControl) || value.Contains('/', StringComparison.Ordinal);
        }

        string[] segments = name.Split('/');
        return segments.Length == 3 && segments.All(static segment => segment is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(segment) <= 255 && !segment.Any(char.IsControl) && !segment.Contains('\\', StringComparison.Ordinal));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Expand_OfALongValue_KeepsTheExtensionAndWholeCharacters()
    {
        string name = Template("{title}").Expand("/content/dam/a", null, Metadata(("title", string.Concat(Enumerable.Repeat("🙂", 100)) + ".jpeg")));

        Assert.EndsWith("🙂.jpeg", name, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(name), 250, 255);
    }

    [Fact]
    public async Task Asset_WithATemplate_IsThereUnderThatName_AndTheSecondOfThatNameFails()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:folder:Name"] = "flat/{name}";
        scenario["Rules:Folders:0:Path"] = "/content/dam/press";
        scenario["Rules:Folders:0:Destinations"] = "folder";
        scenario["Rules:Folders:0:Immediate"] = "true";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("press/a.txt", destination: null, immediately: null);
        await scenario.TellAsync("/content/dam/press/a.txt");
        await scenario.WaitForAsync("press/a.txt", ExportState.Exported);
        await scenario.AddAsync("press/b/a.txt", destination: null, immediately: null);
        await scenario.TellAsync("/content/dam/press/b/a.txt");

        ExportEntry failed = await scenario.WaitForAsync("press/b/a.txt", ExportState.Failed);

        Assert.Contains("/content/dam/press/a.txt", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(0, failed.Attempts);
        Assert.Equal(ExportScenario.ContentOf("press/a.txt"), await File.ReadAllBytesAsync(Path.Combine(scenario.Exported, "flat/a.txt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task NameThatCannotBeStored_FailsAtTheDecision()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        string name = new string('x', 300) + ".txt";
        await scenario.AddAsync(name);

        await scenario.TellAsync($"/content/dam/{name}");
        ExportEntry failed = await scenario.WaitForAsync(name, ExportState.Failed);

        Assert.Contains("255 bytes", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(0, failed.Attempts);
    }

    private static NameTemplate Template(string template) =>
        NameTemplate.Read(new ConfigurationBuilder().AddInMemoryCollection([new("x:Name", template)]).Build().GetSection("x"));

    private static AssetMetadata Metadata(params (string Name, string Value)[] properties) =>
        new(properties.ToDictionary(static property => property.Name, static property => (IReadOnlyList<string>)[property.Value]));
}
