using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Tests.Time;
using AssetCompute.Emulator;
using AssetExport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>An emulated AEM and the application in this process. The default destination is a folder.</summary>
internal sealed class ExportScenario : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings;
    private WebApplication? _app;

    private ExportScenario(AssetComputeEmulator emulator)
    {
        Emulator = emulator;
        string endpoint = emulator.Endpoint.AbsoluteUri;
        _settings = new()
        {
            ["AssetCompute:Endpoint"] = endpoint,
            ["AssetCompute:ImsEndpoint"] = endpoint,
            ["AssetCompute:OrganizationId"] = "emulator@AdobeOrg",
            ["AssetCompute:ClientId"] = "emulator-client",
            ["AssetCompute:ClientSecrets:0"] = "emulator-secret",
            ["AssetCompute:Journal:PollInterval"] = "00:00:00.020",
            ["AssetCompute:Journal:MaxPollInterval"] = "00:00:00.100",
            ["Aem:Author"] = endpoint,
            ["Webhook:PublicKeyEndpoint"] = endpoint,
            ["Webhook:ValidationEndpoint"] = endpoint,
            ["Export:RetryDelay"] = "00:00:00.020",
            ["Export:MaxAttempts"] = "3",
            ["Destinations:folder:Type"] = "Folder",
            ["Destinations:folder:Path"] = Exported,
        };
    }

    public AssetComputeEmulator Emulator { get; }

    public FakeTimeProvider? Clock { get; init; }

    /// <summary>Adds services to the application, such as test-specific destinations.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    public string Exported => _folder.File("exported");

    public WebApplication App => _app ?? throw new InvalidOperationException("The application is not started.");

    /// <summary>The URL of the status page.</summary>
    public Uri Url => new(App.Urls.Last());

    public Uri WebhookUrl => new(App.Urls.First());

    public ExportLedger Ledger => App.Services.GetRequiredService<ExportLedger>();

    public ExportDestination Destination(string name) => App.Services.GetRequiredService<DestinationDirectory>().Find(name)!;

    public IEventInbox Inbox => App.Services.GetRequiredService<IEventInbox>();

    public HttpClient Http { get; } = new(new HttpClientHandler { AllowAutoRedirect = false });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string this[string key]
    {
        set => _settings[key] = value;
    }

    public static async Task<ExportScenario> CreateAsync(FakeTimeProvider? clock = null, Action<IServiceCollection>? services = null)
    {
        AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Journal.RetryAfter = TimeSpan.Zero;
                options.Rendering.Mode = EmulatorRenderingMode.None;
            },
            Token);
        return new ExportScenario(emulator) { Clock = clock, Services = services };
    }

    /// <summary>Creates a scenario with an additional destination named "scripted".</summary>
    public static async Task<ExportScenario> CreateAsync(ScriptedDestination target, FakeTimeProvider? clock = null)
    {
        ExportScenario scenario = await CreateAsync(clock, services => services.AddExportDestination("Scripted", (_, _) => target));
        scenario["Destinations:scripted:Type"] = "Scripted";
        return scenario;
    }

    public async Task StartAsync(ExportMode mode)
    {
        _app = Build(mode);
        await _app.StartAsync(Token);
    }

    /// <summary>Builds the application without starting it, for commands.</summary>
    public WebApplication Build(ExportMode mode)
    {
        string config = _folder.File("export.json");
        File.WriteAllText(config, JsonSerializer.Serialize(_settings));
        ExportArguments arguments = new(config, new Dictionary<string, string?> { ["Mode"] = mode.ToString(), ["Database"] = _folder.File("export.db"), ["Urls"] = "http://127.0.0.1:0", ["Status:Url"] = "http://127.0.0.1:0" });
        return ExportApplication.Create(arguments, builder =>
        {
            builder.Logging.ClearProviders();
            if (Clock is not null)
            {
                builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            }

            Services?.Invoke(builder.Services);
        });
    }

    public async Task StopAsync()
    {
        await App.StopAsync(Token);
        await App.DisposeAsync();
        _app = null;
    }

    public async Task<EventRegistration> RegisterAsync(EventForm form = EventForm.CloudEvents, bool webhook = false, bool batch = false)
    {
        EventRegistration registration = await Emulator.Aem.Registrations.AddAsync(
            new EventRegistrationSettings { Form = form, Batch = batch, WebhookUrl = webhook ? new Uri(WebhookUrl, "events") : null }, Token);
        return registration;
    }

    public Task<AemAsset> AddAsync(string name, string? destination = "folder", string? immediately = "yes", byte[]? content = null)
    {
        JsonObject metadata = [];
        if (destination is not null)
        {
            metadata["exportDestination"] = destination;
        }

        if (immediately is not null)
        {
            metadata["exportImmediately"] = immediately;
        }

        return Emulator.Aem.AddAssetAsync($"/content/dam/{name}", content ?? ContentOf(name), metadata: metadata, cancellationToken: Token);
    }

    /// <summary>Stores a publish event in the inbox, as the webhook and the journal do.</summary>
    public async Task TellAsync(string path, string? sha1 = null, string tier = "publish", string? id = null)
    {
        JsonObject repository = new() { ["repo:path"] = path, ["repo:assetId"] = "urn:aaid:aem:1" };
        if (sha1 is not null)
        {
            repository["dam:sha1"] = sha1;
        }

        id ??= Guid.NewGuid().ToString();
        JsonObject published = new()
        {
            ["specversion"] = "1.0",
            ["type"] = "aem.assets.asset.published",
            ["source"] = "acct:aem-p1-e1@adobe.com",
            ["id"] = id,
            ["time"] = "2026-01-01T00:00:00Z",
            ["data"] = new JsonObject { ["assetId"] = "urn:aaid:aem:1", ["tier"] = tier, ["repositoryMetadata"] = repository },
        };
        await Inbox.AddAsync([new InboxMessage(id, JsonSerializer.SerializeToUtf8Bytes(published))], cancellationToken: Token);
    }

    public string FileOf(string name) => Path.Combine(Exported, "content", "dam", name);

    public static byte[] ContentOf(string name) => [.. Enumerable.Range(0, 2000).Select(i => (byte)(name[i % name.Length] + i))];

    /// <summary>Waits until the newest export of an asset to a destination reaches a state.</summary>
    public async Task<ExportEntry> WaitForAsync(string name, ExportState state, string destination = "folder")
    {
        ExportEntry? found = null;
        try
        {
            await WaitAsync(async () => (found = (await Ledger.RecentAsync(state, 1000, Token)).FirstOrDefault(entry => entry.Path == $"/content/dam/{name}" && entry.Destination == destination)) is not null,
                $"{name} is not {state}");
        }
        catch (Xunit.Sdk.XunitException exception)
        {
            Assert.Fail($"{exception.Message}: {await DescribeAsync()}");
        }

        return found!;
    }

    public async Task<long> CountAsync(ExportState state) => (await Ledger.CountAsync(Token)).Where(count => count.State == state).Sum(count => count.Count);

    public Task WaitForCountAsync(ExportState state, long count) => WaitAsync(async () => await CountAsync(state) == count, $"there are not {count} {state}");

    /// <summary>Waits until the application has decided on all events.</summary>
    public Task WaitForDecisionsAsync() => WaitAsync(
        async () =>
        {
            InboxCounts counts = await Inbox.CountAsync(Token);
            return counts.Waiting + counts.Taken == 0;
        },
        "events wait for a decision");

    /// <summary>Advances the clock in steps until a condition is met.</summary>
    /// <param name="step">The time to advance per step.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="expectedAfter">The expected time. After it, each step is followed by a pause, so that the clock isn't too fast for a slow machine. By
    /// default, there is no pause.</param>
    public async Task AdvanceUntilAsync(TimeSpan step, Func<Task<bool>> condition, TimeSpan? expectedAfter = null)
    {
        DateTimeOffset expected = expectedAfter is { } after ? Clock!.GetUtcNow() + after : DateTimeOffset.MaxValue;
        if (await condition())
        {
            return;
        }

        for (int i = 0; i < 1000; i++)
        {
            Clock!.Advance(step);
            for (int looks = Clock.GetUtcNow() < expected ? 1 : 250; looks > 0; looks--)
            {
                await Task.Delay(20, Token);
                if (await condition())
                {
                    return;
                }
            }
        }

        Assert.Fail("However far the clock was moved, it did not become so.");
    }

    /// <summary>Describes the state of all assets for the message of a failed test.</summary>
    private async Task<string> DescribeAsync() => string.Join("; ", (await Ledger.SearchAsync("", null, null, 20, Token)).Select(static entry => $"{entry.Path} to '{entry.Destination}' {entry.State}: {entry.Reason}"));

    public static async Task WaitAsync(Func<Task<bool>> condition, string otherwise)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(10));
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
            {
                Token.ThrowIfCancellationRequested();
                Assert.Fail(otherwise);
            }

            await Task.Delay(20, Token);
        }
    }

    public async Task<JsonObject> StatusAsync() => (await Http.GetFromJsonAsync<JsonObject>(new Uri(Url, "status.json"), Token))!;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await StopAsync();
        }

        Http.Dispose();
        await Emulator.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
