using System.Text.Json.Nodes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Jobs;

public partial class RenditionJobsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ThreeRenditions_ReturnsTheirEventsInRequestOrder()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        JsonObject userData = new() { ["id"] = 7 };
        ProcessRequest request = account.Request("a", 3);
        request = request with { UserData = userData, Renditions = [.. request.Renditions.Select(rendition => rendition with { UserData = userData })] };

        RenditionJobResult result = await account.Client.Jobs.RunAsync(request, cancellationToken: Cancel);

        Assert.True(result.Succeeded);
        Assert.Same(request, result.Request);
        Assert.Equal(["a-0.png", "a-1.png", "a-2.png"], result.Renditions.Select(rendition => rendition.Rendition.Name));
        Assert.All(result.Renditions, rendition => Assert.Same(userData, rendition.Rendition.UserData));
        Assert.All(result.Renditions, rendition => Assert.Same(userData, rendition.UserData));
        Assert.All(result.Renditions, rendition => Assert.Equal(result.RequestId, rendition.RequestId));
        Assert.Equal(["id"], userData.Select(field => field.Key));
    }

    [Fact]
    public async Task RunAsync_EventsBeforeTheAnswerToTheRequest_AreNotMissed()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        await using AssetComputeClient client = AssetComputeClient.Create(
            account.Configure,
            builder => Microsoft.Extensions.DependencyInjection.HttpClientBuilderExtensions.AddHttpMessageHandler(builder.ServiceHttpClient, () => new AnswersLate(account.Emulator)));

        RenditionJobResult result = await client.Jobs.RunAsync(account.Request("a", 2), cancellationToken: Cancel).WaitAsync(TimeSpan.FromMinutes(5), Cancel);

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task RunAsync_DuplicatedAndReorderedEvents_DoNoHarm()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        account.Emulator.Faults.Journal.DuplicateShare = 1;
        account.Emulator.Faults.Journal.ReorderShare = 0.5;
        List<RenditionEvent> told = [];

        RenditionJobResult result = await account.Client.Jobs.RunAsync(
            account.Request("a", 10), new RenditionJobOptions { OnRendition = told.Add }, Cancel);
        await account.Client.Jobs.RunAsync(account.Request("b", 1), cancellationToken: Cancel);

        Assert.True(result.Succeeded);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"a-{i}.png"), result.Renditions.Select(rendition => rendition.Rendition.Name));
        Assert.Equal(10, told.Count);
    }

    [Fact]
    public async Task RunAsync_RequestDoubledByARetry_CompletesOnce()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        account.Emulator.Faults.Next(EmulatorOperation.Process, EmulatorFault.HeadersOnly());

        RenditionJobResult result = await account.Client.Jobs.RunAsync(account.Request("a", 2), cancellationToken: Cancel);

        Assert.True(result.Succeeded);
        Assert.Equal(2, account.Emulator.Calls.Count(EmulatorOperation.Process));
        Assert.Single(account.Emulator.Calls.Of(EmulatorOperation.Process).Select(call => call.RequestId).Distinct());
    }

    [Fact]
    public async Task RunAsync_ForeignAndUnknownEventsInBetween_ArePassedBy()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        await account.Client.RegisterAsync(Cancel);
        Task<RenditionJobResult> job = account.Client.Jobs.RunAsync(account.Request("a", 2), cancellationToken: Cancel);
        account.Emulator.Publish(new JsonObject { ["type"] = "of.tomorrow" });
        account.Emulator.Publish("just a text");
        account.Emulator.Publish(JsonNode.Parse("""{"type":"rendition_created","requestId":"of-another-client","rendition":{"userData":{"assetComputeClient":{"index":0,"length":1}}}}""")!);

        Assert.True((await job).Succeeded);
    }

    [Fact]
    public async Task RunAsync_FailedRendition_IsAResultWithItsReason()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Emulator.Storage.PutAsync("source.png", "this is no image"u8.ToArray(), "image/png", Cancel);

        RenditionJobResult result = await account.Client.Jobs.RunAsync(account.Request("a", 1), cancellationToken: Cancel);

        Assert.False(result.Succeeded);
        Assert.Null(result.Error);
        RenditionFailed failed = Assert.IsType<RenditionFailed>(Assert.Single(result.Renditions));
        Assert.Equal(RenditionFailureReason.SourceCorrupt, failed.Reason);
    }

    [Fact]
    public async Task RunAsync_EventsDoNotCome_SaysWhichAreMissing()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        account.Emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromSeconds(30)));

        RenditionJobTimeoutException exception = await Assert.ThrowsAsync<RenditionJobTimeoutException>(() =>
            account.Client.Jobs.RunAsync(account.Request("a", 1), new RenditionJobOptions { Timeout = TimeSpan.FromMilliseconds(300) }, Cancel));

        Assert.Equal("a-0.png", Assert.Single(exception.Missing).Name);
        Assert.Empty(exception.Received);
        Assert.Contains("a-0.png", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheWait()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        account.Emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromSeconds(30)));
        using CancellationTokenSource cancel = new();
        Task<RenditionJobResult> job = account.Client.Jobs.RunAsync(account.Request("a", 1), cancellationToken: cancel.Token);
        await account.Emulator.Calls.WaitAsync(call => call.Operation == EmulatorOperation.Process, Cancel);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job);
    }

    [Fact]
    public async Task RunAsync_JournalFailsAfterTheEventsAppeared_StillCompletes()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        await account.Client.Jobs.RunAsync(account.Request("first", 1), cancellationToken: Cancel);
        account.Emulator.Faults.Next(EmulatorOperation.Journal, EmulatorFault.Late(TimeSpan.FromMilliseconds(100)));
        account.Emulator.Faults.Next(EmulatorOperation.Journal, EmulatorFault.Answer(503));
        account.Emulator.Faults.Next(EmulatorOperation.Journal, EmulatorFault.Answer(503));

        List<RenditionJobResult> results = await account.Client.Jobs.RunManyAsync(account.Requests(200), cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(200, results.Count);
        Assert.All(results, result => Assert.True(result.Succeeded, result.ToString()));
        Assert.True(account.Emulator.Calls.Of(EmulatorOperation.Journal).Count(call => call.Status == 503) == 2);
    }

    [Fact]
    public async Task RunAsync_JournalStaysBroken_FailsTheJobWithTheJournalsError()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick, options => options.Journal.MaxConsecutiveFailures = 3);
        await account.Client.Jobs.RunAsync(account.Request("first", 1), cancellationToken: Cancel);
        account.Emulator.Faults.Share(EmulatorOperation.Journal, 1, EmulatorFault.Answer(500));

        await Assert.ThrowsAsync<JournalException>(() => account.Client.Jobs.RunAsync(account.Request("a", 1), cancellationToken: Cancel));

        account.Emulator.Faults.Clear();
        Assert.True((await account.Client.Jobs.RunAsync(account.Request("b", 1), cancellationToken: Cancel)).Succeeded);
    }

    [Fact]
    public async Task DisposeAsync_WhileAJobWaitsForItsJournal_EndsAtOnce()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        account.Emulator.Faults.Journal.ReadyAfter = TimeSpan.FromHours(1);
        AssetComputeClient client = EmulatedAccount.CreateClient(account.Emulator);
        Task job = client.Jobs.RunAsync(account.Request("a", 1), cancellationToken: Cancel);
        await account.Emulator.Calls.WaitAsync(call => call.Operation == EmulatorOperation.Journal, Cancel);

        await client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(5), Cancel);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => job);
    }

    [Fact]
    public async Task Dispose_OfASynchronousContainer_DoesNotThrow()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        Microsoft.Extensions.DependencyInjection.ServiceCollection services = new();
        Microsoft.Extensions.DependencyInjection.AssetComputeServiceCollectionExtensions.AddAssetCompute(services, account.Configure);
        Microsoft.Extensions.DependencyInjection.ServiceProvider provider = Microsoft.Extensions.DependencyInjection.ServiceCollectionContainerBuilderExtensions.BuildServiceProvider(services);
        IRenditionJobs jobs = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<IRenditionJobs>(provider);
        Assert.True((await jobs.RunAsync(account.Request("a", 1), cancellationToken: Cancel)).Succeeded);

        provider.Dispose();

        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => jobs.RunAsync(account.Request("b", 1), cancellationToken: Cancel));
    }

    private static void Quick(AssetComputeEmulatorOptions options) => options.Rendering.Mode = EmulatorRenderingMode.None;

    /// <summary>Delays the response to a request until its renditions are uploaded and the client has read their events from the journal.</summary>
    private sealed class AnswersLate(AssetComputeEmulator emulator) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri!.AbsolutePath.EndsWith("/process", StringComparison.Ordinal))
            {
                while (emulator.Calls.Count(EmulatorOperation.BlobWrite) < 2)
                {
                    await Task.Delay(5, cancellationToken);
                }

                long uploaded = emulator.Calls.Of(EmulatorOperation.BlobWrite)[^1].Sequence;
                while (emulator.Calls.Of(EmulatorOperation.Journal).Count(call => call.Sequence > uploaded) < 3)
                {
                    await Task.Delay(5, cancellationToken);
                }
            }

            return response;
        }
    }
}
