using System.Text;
using System.Text.RegularExpressions;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Webhooks;
using AssetExport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>Tests that the pages list all options and that their JSON settings are valid. An unknown name is an error.</summary>
public sealed partial class DocumentedSettings
{
    [Theory]
    [InlineData(typeof(AssetComputeRetryOptions), "resilience.md")]
    [InlineData(typeof(AssetComputeThrottlingOptions), "resilience.md")]
    [InlineData(typeof(JournalOptions), "journal-settings.md")]
    [InlineData(typeof(JournalReadOptions), "journal.md")]
    [InlineData(typeof(JournalProcessorOptions), "journal-settings.md")]
    [InlineData(typeof(RenditionJobOptions), "journal-settings.md")]
    [InlineData(typeof(InboxWorkerOptions), "inbox.md")]
    [InlineData(typeof(JournalRelayOptions), "inbox.md")]
    [InlineData(typeof(WebhookOptions), "webhooks.md")]
    [InlineData(typeof(RenderManyOptions), "storage.md")]
    [InlineData(typeof(StorageTargetOptions), "storage.md")]
    public void Options_AreAllOnTheirPage(Type options, string page)
    {
        string text = File.ReadAllText(Path.Combine(SampleProgram.Root, "docs", page));

        Assert.All(options.GetProperties().Select(property => property.Name), name => Assert.Matches($@"`[^`]*\b{name}\b[^`]*`", text));
    }

    [Fact]
    public void Resilience_SetsWhatItSays()
    {
        using MemoryStream json = new(Encoding.UTF8.GetBytes(JsonOf("resilience.md")));
        IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        ServiceCollection services = new();
        services.AddAssetCompute(configuration.GetSection("AssetCompute"));
        services.Configure<AssetComputeOptions>(options => options.UseEmulator(new Uri("http://127.0.0.1:8080")));
        using ServiceProvider provider = services.BuildServiceProvider();

        AssetComputeOptions options = provider.GetRequiredService<IOptions<AssetComputeOptions>>().Value;

        Assert.Equal(10, options.Retry.MaxRetryAttempts);
        Assert.Equal(TimeSpan.FromMinutes(15), options.Retry.TotalTimeout);
        Assert.Equal(50, options.Throttling.MaxConcurrentRequests);
    }

    [Fact]
    public async Task Export_MakesAnApplication()
    {
        using TemporaryFolder folder = new();
        string json = JsonOf("export.md").Replace("/srv/assets", folder.File("assets").Replace('\\', '/'), StringComparison.Ordinal).Replace("…", "x", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("export.json"), json, TestContext.Current.CancellationToken);

        await using WebApplication app = ExportApplication.Create(new ExportArguments(folder.File("export.json"), new Dictionary<string, string?> { ["Mode"] = "both", ["Database"] = folder.File("export.db") }));

        ExportOptions export = app.Services.GetRequiredService<ExportOptions>();
        Assert.Equal(("0 * * * *", 10), (export.Batch.Schedule, export.Batch.MaxPerRun));
        Assert.Equal("x@AdobeOrg", app.Services.GetRequiredService<IOptions<AssetComputeOptions>>().Value.OrganizationId);
    }

    private static string JsonOf(string page)
    {
        string text = File.ReadAllText(Path.Combine(SampleProgram.Root, "docs", page)).ReplaceLineEndings("\n");
        return Assert.Single(JsonBlock().Matches(text)).Groups[1].Value;
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
