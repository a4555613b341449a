using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>Runs the code samples of docs/migration.md.</summary>
public sealed class DocumentedMigration
{
    [Fact]
    public async Task Client_AsWithGetIntegrationConfiguration()
    {
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(TestContext.Current.CancellationToken);
        using CredentialsFileOfTheEmulator credentials = new(emulator);
        string credentialsFile = credentials.Path;

        await using var assetCompute = AssetComputeClient.Create(options => options.CredentialsFile = credentialsFile);

        Assert.NotNull(assetCompute.Jobs);
    }

    [Fact]
    public async Task OneRequest_AsWithWaitActivation()
    {
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, TestContext.Current.CancellationToken);
        using CredentialsFileOfTheEmulator credentials = new(emulator);
        Uri sourceUrl = emulator.Storage.CreateReadUrl("source.png");
        Uri targetUrl = emulator.Storage.CreateWriteUrl("rendition.png");
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        await using var assetCompute = AssetComputeClient.Create(options =>
        {
            options.CredentialsFile = credentials.Path;
            credentials.Apply(options);
        });

        ProcessRequest request = new()
        {
            Source = sourceUrl,
            Renditions = [new Rendition { Name = "rendition.png", Format = "png", Width = 200, Height = 200, Target = targetUrl }],
        };
        RenditionJobResult result = await assetCompute.Jobs.RunAsync(request, new RenditionJobOptions { Timeout = TimeSpan.FromMinutes(1) }, cancellationToken);
        if (result.Renditions[0] is RenditionCreated)
        {
            Console.WriteLine("use the rendition");
        }

        Assert.True(result.Succeeded, $"{result}");
        Assert.Equal(1, emulator.Calls.Count(EmulatorOperation.Process));
    }

    [Fact]
    public async Task LowLevelCallsAndEvents_AsWithAssetComputeAndItsEmitter()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None);
        AssetComputeClient assetCompute = account.Client;
        ProcessRequest request = account.Request("photo", 2);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        CancellationToken cancellationToken = stop.Token;

        RegisterResult registered = await assetCompute.RegisterAsync(cancellationToken);
        Console.WriteLine(registered.Journal);
        ProcessResult accepted = await assetCompute.ProcessAsync(request, cancellationToken);
        Console.WriteLine(accepted.RequestId);

        List<JournalEntry> entries = await assetCompute.Journal.ReadAsync(cancellationToken: cancellationToken).Take(2).ToListAsync(cancellationToken);
        Assert.All(entries, entry => Assert.Equal(accepted.RequestId, Assert.IsType<RenditionCreated>(entry.Event).RequestId));

        stop.CancelAfter(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (JournalEntry entry in assetCompute.Journal.ReadAsync(cancellationToken: cancellationToken))
            {
                switch (entry.Event)
                {
                    case RenditionCreated created:
                        Console.WriteLine($"{created.RequestId}: {created.Rendition.Name}, {created.Metadata.Size} bytes");
                        break;
                    case RenditionFailed failed:
                        Console.WriteLine($"{failed.RequestId}: {failed.Rendition.Name}, {failed.Reason}: {failed.Message}");
                        break;
                }
            }
        });

        UnregisterResult ended = await assetCompute.UnregisterAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(ended.RequestId);
    }

    [Fact]
    public async Task Retries_AsWithMax429RetryCount()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(
            options => options.Rendering.Mode = EmulatorRenderingMode.None,
            options =>
            {
                options.Retry.TotalTimeout = TimeSpan.FromMinutes(10); // max429RetryCount: 10
                options.Retry.MaxRetryAfter = TimeSpan.FromMinutes(3);

                options.Retry.MaxRetryAttempts = 0; // disable429Retry: true
            });
        account.Emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Answer(429, TimeSpan.FromSeconds(3)));

        AssetComputeClient assetCompute = account.Client;
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        try
        {
            await assetCompute.RegisterAsync(cancellationToken);
        }
        catch (AssetComputeThrottledException throttled)
        {
            Console.WriteLine($"{throttled.StatusCode}, come back after {throttled.RetryAfter}");
        }

        account.Emulator.Faults.Next(EmulatorOperation.Register, EmulatorFault.Answer(429, TimeSpan.FromSeconds(3)));
        AssetComputeThrottledException refused = await Assert.ThrowsAsync<AssetComputeThrottledException>(() => assetCompute.RegisterAsync(cancellationToken));
        Assert.Equal(TimeSpan.FromSeconds(3), refused.RetryAfter);
        Assert.Equal(1, refused.Attempts);
    }

    /// <summary>The credentials of the emulator's account in the file format of the Developer Console.</summary>
    private sealed class CredentialsFileOfTheEmulator : IDisposable
    {
        private readonly AssetComputeEmulator _emulator;

        public CredentialsFileOfTheEmulator(AssetComputeEmulator emulator)
        {
            _emulator = emulator;
            EmulatorClient client = EmulatorClient.WellKnown;
            File.WriteAllText(Path, $$"""
                { "ORG_ID": "{{client.OrganizationId}}", "CLIENT_ID": "{{client.ClientId}}", "CLIENT_SECRETS": ["{{client.ClientSecrets[0]}}"],
                  "TECHNICAL_ACCOUNT_ID": "{{client.TechnicalAccountId}}", "TECHNICAL_ACCOUNT_EMAIL": "{{client.TechnicalAccountId}}", "SCOPES": ["openid", "asset_compute"] }
                """);
        }

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Apply(AssetComputeOptions options)
        {
            options.Endpoint = _emulator.Endpoint;
            options.ImsEndpoint = _emulator.ImsEndpoint;
            options.Journal.PollInterval = TimeSpan.FromMilliseconds(20);
        }

        public void Dispose() => File.Delete(Path);
    }
}
