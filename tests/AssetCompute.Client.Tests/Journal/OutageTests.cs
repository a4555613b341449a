using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>No event is lost when Adobe is down for a day, as docs/production.md says.</summary>
public class OutageTests
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Relay_AdobeIsDownForADay_PublishesEveryEventAfterwards()
    {
        FakeTimeProvider time = new();
        using Adobe adobe = new(time) { Events = 10 };
        Sink sink = new();
        string checkpoints = Directory.CreateTempSubdirectory("outage-").FullName;
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(time).AddSingleton(sink).AddLogging();
        services.AddSingleton<IJournalCheckpointStore>(new FileJournalCheckpointStore(checkpoints));
        IAssetComputeBuilder builder = services.AddAssetCompute(options =>
        {
            options.OrganizationId = "1@AdobeOrg";
            options.ClientId = "client";
            options.ClientSecrets.Add("secret");
        });
        foreach (IHttpClientBuilder http in new[] { builder.ImsHttpClient, builder.ServiceHttpClient, builder.JournalHttpClient })
        {
            http.ConfigurePrimaryHttpMessageHandler(() => adobe);
        }

        builder.AddJournalRelay<Sink>("relay", options => options.Start = JournalPosition.Oldest);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHostedService[] hosted = [.. provider.GetServices<IHostedService>()];
        await Task.WhenAll(hosted.Select(service => service.StartAsync(TestContext.Current.CancellationToken)));
        await UntilAsync(time, () => sink.Published.Count == 10);

        adobe.DownUntil = time.GetUtcNow() + s_day;
        adobe.Events = 1_000;
        await UntilAsync(time, () => sink.Published.Count == 1_000);
        await Task.WhenAll(hosted.Select(service => service.StopAsync(TestContext.Current.CancellationToken)));

        Assert.True(adobe.Refused > 1_000, $"{adobe.Refused} requests were refused.");
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}"), sink.Published);
        Directory.Delete(checkpoints, recursive: true);
    }

    private static async Task UntilAsync(FakeTimeProvider time, Func<bool> condition)
    {
        while (!condition())
        {
            // Running work has no timer. It continues while the test yields.
            await Task.Delay(1, TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    private sealed class Sink : IJournalSink
    {
        private readonly List<string> _published = [];

        public IReadOnlyList<string> Published
        {
            get
            {
                lock (_published)
                {
                    return [.. _published];
                }
            }
        }

        public ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken)
        {
            lock (_published)
            {
                _published.AddRange(page.Entries.Select(entry => ((UnknownEvent)entry.Event).Type!));
            }

            return default;
        }
    }

    /// <summary>Identity service, service and journal in one handler, which returns 503 during the outage.</summary>
    private sealed class Adobe(TimeProvider time) : HttpMessageHandler
    {
        private int _refused;

        public int Events { get; set; }

        public DateTimeOffset DownUntil { get; set; }

        public int Refused => _refused;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Answer(request.RequestUri!));

        private HttpResponseMessage Answer(Uri uri)
        {
            if (time.GetUtcNow() < DownUntil)
            {
                Interlocked.Increment(ref _refused);
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("") };
            }

            if (uri.AbsolutePath.Contains("token", StringComparison.Ordinal))
            {
                return Json("""{"access_token":"token","expires_in":86400}""");
            }

            return uri.AbsolutePath.EndsWith("/register", StringComparison.Ordinal)
                ? Json("""{"ok":true,"journal":"https://events-va6.adobe.io/events/1","requestId":"1"}""")
                : Page(int.Parse(HttpUtility.ParseQueryString(uri.Query)["since"] ?? "-1", CultureInfo.InvariantCulture) + 1);
        }

        private HttpResponseMessage Page(int first)
        {
            int count = Math.Min(100, Events - first);
            HttpResponseMessage page = count == 0
                ? new HttpResponseMessage(HttpStatusCode.NoContent) { Content = new StringContent("") }
                : Json($$"""{"events":[{{string.Join(',', Enumerable.Range(first, count).Select(Entry))}}]}""");
            page.Headers.TryAddWithoutValidation("Link", $"<https://events-va6.adobe.io/events/1?since={first + count - 1}>; rel=\"next\"");
            return page;
        }

        private static string Entry(int index) => $$$"""{"position":"{{{index}}}","event":{"type":"{{{index}}}"}}""";

        private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }
}
