extern alias WebSample;

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AssetCompute.Emulator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Docs;

// Inside the namespace, the alias hides the classes of the same name in other samples.
#pragma warning disable IDE0065
using Program = WebSample::Program;
#pragma warning restore IDE0065

/// <summary>Runs the tests of a complete application in docs/testing.md. The application is the WebApi sample.</summary>
public sealed class DocumentedApplication
{
    [Fact]
    public async Task Photograph_Posted_IsRenderedByTheEmulator()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.Zero, TestContext.Current.CancellationToken);
        await using var application = new PhotographApplication(services => services.AddAssetCompute(options => Configure(options, emulator)).AddEmulatorStorage());

        string events = await PostAsync(application.CreateClient(), "photo.png");

        Assert.DoesNotContain("failed", events, StringComparison.Ordinal);
        Assert.Equal(1, emulator.Calls.Count(EmulatorOperation.Process));
    }

    [Fact]
    public async Task Photograph_ThatTheServiceCannotRead_IsReported()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.Zero, TestContext.Current.CancellationToken);
        emulator.Faults.Asset("broken.png", "SourceCorrupt", "The file is cut off.");
        await using var application = new PhotographApplication(services => services.AddAssetCompute(options => Configure(options, emulator)).AddEmulatorStorage());

        string events = await PostAsync(application.CreateClient(), "broken.png");

        Assert.Contains("SourceCorrupt: The file is cut off.", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Photograph_OfAnApplicationWithAnotherStorage_StaysInTheEmulator()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.Zero, TestContext.Current.CancellationToken);
        await using var application = new PhotographApplication(services =>
        {
            services.AddAssetCompute(static options => options.ClientId = "of production").AddStorage(static _ => throw new InvalidOperationException("This is the real storage."));
            services.AddAssetCompute(options => Configure(options, emulator)).AddEmulatorStorage();
        });

        string events = await PostAsync(application.CreateClient(), "photo.png");

        Assert.DoesNotContain("failed", events, StringComparison.Ordinal);
        Assert.Equal(1, emulator.Calls.Count(EmulatorOperation.Process));
    }

    [Fact]
    public async Task Photograph_WithAStub_IsReported()
    {
        await using var application = new PhotographApplication(services => services.AddSingleton<IAssetRenderer>(new StubRenderer(RenditionFailureReason.SourceUnsupported)));

        string events = await PostAsync(application.CreateClient(), "photo.png");

        Assert.Contains("SourceUnsupported", events, StringComparison.Ordinal);
    }

    private static void Configure(AssetComputeOptions options, AssetComputeEmulator emulator)
    {
        options.UseEmulator(emulator.Endpoint);
        options.Journal.PollInterval = TimeSpan.FromMilliseconds(20); // the default of 2 seconds is for Adobe's service
    }

    /// <summary>Posts a photograph and waits for all its events.</summary>
    private static async Task<string> PostAsync(HttpClient http, string name)
    {
        using ByteArrayContent photograph = new(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="));
        photograph.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using HttpResponseMessage accepted = await http.PostAsync($"/photographs?name={name}", photograph, TestContext.Current.CancellationToken);
        accepted.EnsureSuccessStatusCode();
        JsonObject body = (await accepted.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        return await http.GetStringAsync($"/photographs/{body["id"]}/events", TestContext.Current.CancellationToken);
    }

    private sealed class PhotographApplication(Action<IServiceCollection> configure) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting("AssetCompute:OrganizationId", "1234567890ABCDEF@AdobeOrg"); // as in production
            builder.UseSetting("AssetCompute:ClientId", "client");
            builder.UseSetting("AssetCompute:ClientSecrets", "secret");
            builder.ConfigureTestServices(configure);
        }
    }
}
