using System.Net;
using AssetCompute.Emulator;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for events in both formats, by webhook and by journal, that the emulator signs and delivers.</summary>
public sealed class ReceivingTests
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 12).Select(i => $"campaign/summer {i}/Größe & Maß+{i}.txt")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EventForm.CloudEvents, false)]
    [InlineData(EventForm.CloudEvents, true)]
    [InlineData(EventForm.Xdm, false)]
    public async Task Webhook_OfEitherForm_ExportsEachAssetOnce(EventForm form, bool batch)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await AddAllAsync(scenario);
        await scenario.StartAsync(ExportMode.Realtime);
        EventRegistration registration = await scenario.RegisterAsync(form, webhook: true, batch);
        Assert.Equal(EventRegistrationStatus.Active, registration.Status);

        scenario.Emulator.Aem.Publish("/content/dam");

        await AssertAllExportedOnceAsync(scenario);
    }

    [Theory]
    [InlineData(EventForm.CloudEvents)]
    [InlineData(EventForm.Xdm)]
    public async Task Journal_OfEitherForm_ExportsEachAssetOnce(EventForm form)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await AddAllAsync(scenario);
        scenario["Journal:Url"] = (await scenario.RegisterAsync(form)).JournalUrl.AbsoluteUri;
        scenario.Emulator.Aem.Publish("/content/dam");

        await scenario.StartAsync(ExportMode.Batch);

        await AssertAllExportedOnceAsync(scenario);
        using HttpResponseMessage webhook = await scenario.Http.GetAsync(new Uri(scenario.WebhookUrl, "events?challenge=1"), Token);
        Assert.NotEqual("1", await webhook.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Both_WithAWebhookThatMissedHalf_ExportEachAssetOnce()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await AddAllAsync(scenario);
        EventRegistration journal = await scenario.RegisterAsync();
        scenario["Journal:Url"] = journal.JournalUrl.AbsoluteUri;
        scenario.Emulator.Aem.Publish(Names.Take(6).Select(name => $"/content/dam/{name}"));

        await scenario.StartAsync(ExportMode.Both);
        await scenario.RegisterAsync(webhook: true);
        scenario.Emulator.Aem.Publish(Names.Skip(6).Select(name => $"/content/dam/{name}"));

        await AssertAllExportedOnceAsync(scenario);
        await ExportScenario.WaitAsync(async () => (await scenario.Inbox.CountAsync(Token)).Completed == Names.Length, "an event came twice, or not at all");
    }

    [Fact]
    public async Task Webhook_BeyondItsLimit_IsSentAgain()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Webhook:MaxConcurrentDeliveries"] = "1";
        await scenario.StartAsync(ExportMode.Realtime);
        using StalledContent stalled = new();

        // The server requests the body only after it accepts the delivery, so the start of the body shows that the limit is reached.
        using SocketsHttpHandler handler = new() { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using HttpClient patient = new(handler);
        using HttpRequestMessage delivery = new(HttpMethod.Post, new Uri(scenario.WebhookUrl, "events")) { Content = stalled };
        delivery.Headers.ExpectContinue = true;
        Task<HttpResponseMessage> first = patient.SendAsync(delivery, Token);
        await stalled.Started;
        using HttpResponseMessage second = await scenario.Http.PostAsync(new Uri(scenario.WebhookUrl, "events"), new StringContent("{}"), Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        stalled.Finish();
        using HttpResponseMessage end = await first;
        Assert.Equal(HttpStatusCode.Unauthorized, end.StatusCode);
    }

    private static async Task AddAllAsync(ExportScenario scenario)
    {
        foreach (string name in Names)
        {
            await scenario.AddAsync(name);
        }
    }

    private static async Task AssertAllExportedOnceAsync(ExportScenario scenario)
    {
        await scenario.WaitForCountAsync(ExportState.Exported, Names.Length);
        foreach (string name in Names)
        {
            Assert.Equal(ExportScenario.ContentOf(name), await File.ReadAllBytesAsync(scenario.FileOf(name), Token));
        }

        Assert.Equal(Names.Length, scenario.Emulator.Calls.Count(EmulatorOperation.AemRead));
        Assert.Equal(Names.Length, Directory.EnumerateFiles(scenario.Exported, "*", SearchOption.AllDirectories).Count());
    }

    /// <summary>A request body that ends only when a test completes it.</summary>
    private sealed class StalledContent : HttpContent
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => _started.Task;

        public void Finish() => _finish.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{"u8.ToArray(), Token);
            await stream.FlushAsync(Token);
            _started.TrySetResult();
            await _finish.Task;
            await stream.WriteAsync("}"u8.ToArray(), Token);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 2;
            return true;
        }
    }
}
