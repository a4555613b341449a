using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>Identity service, service and journal in one handler. The journal returns scripted responses in order, and then no new events.</summary>
internal sealed class RelayedJournal : HttpMessageHandler
{
    private const string Journal = "https://events-va6.adobe.io/events/1";

    private readonly Lock _gate = new();
    private readonly List<Func<HttpResponseMessage>> _answers = [];
    private readonly List<JournalPosition> _starts = [];
    private string? _expected;
    private bool _isStarting = true;
    private int _next;

    /// <summary>
    /// The positions where reading started: the first read of each client, and each read that does not follow the link of the previous response.
    /// </summary>
    public IReadOnlyList<JournalPosition> Starts
    {
        get
        {
            lock (_gate)
            {
                return [.. _starts];
            }
        }
    }

    /// <summary>Whether a read from the beginning restarts the script, as a journal does.</summary>
    public bool Repeats { get; set; }

    public static string Position(int index) => string.Create(CultureInfo.InvariantCulture, $"rabbit:{index:x8}");

    public static JournalPosition At(int index) => JournalPosition.After(Position(index));

    public static string Event(int index) => $$"""{"type":"rendition_created","requestId":"request-{{index}}"}""";

    public RelayedJournal Page(int first, int count) => Answer([.. Enumerable.Range(first, count).Select(index => (Position(index), Event(index)))]);

    public RelayedJournal Entry(string position, string json) => Answer([(position, json)]);

    /// <summary>An event that is nested too deeply for the reader.</summary>
    public RelayedJournal Skipped(int index) => Answer([(Position(index), new string('[', 300) + new string(']', 300))]);

    public RelayedJournal CaughtUp(int index) => Answer(() => Nothing(Position(index)));

    /// <summary>A failure that ends the read, because the client of <see cref="Serve"/> does not retry.</summary>
    public RelayedJournal Fails() => Answer(() => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("") });

    public RelayedJournal Expired() => Answer(() => new HttpResponseMessage(HttpStatusCode.Gone) { Content = new StringContent("") });

    /// <summary>Registers a client of this service. Its timeouts are longer than any time by which a test advances the clock.</summary>
    public IAssetComputeBuilder Serve(IServiceCollection services)
    {
        IAssetComputeBuilder builder = services.AddAssetCompute(static options =>
        {
            (options.OrganizationId, options.ClientId) = ("o@AdobeOrg", "me");
            options.ClientSecrets.Add("secret");
            options.Retry.MaxRetryAttempts = 0;
            options.Retry.AttemptTimeout = options.Retry.TotalTimeout = TimeSpan.FromHours(12);
            options.Journal.ReadTimeout = TimeSpan.FromHours(12);
            options.Journal.MaxConsecutiveFailures = 1;
        });
        foreach (IHttpClientBuilder http in new[] { builder.ImsHttpClient, builder.ServiceHttpClient, builder.JournalHttpClient })
        {
            http.ConfigurePrimaryHttpMessageHandler(() => this).SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        }

        return builder;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Uri url = request.RequestUri!;
            HttpResponseMessage response = url.AbsolutePath switch
            {
                "/events/1" => Read(HttpUtility.ParseQueryString(url.Query)),
                "/register" => Register(),
                _ => Json("""{"access_token":"token","expires_in":86400}"""),
            };
            response.RequestMessage = request;
            return Task.FromResult(response);
        }
    }

    private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    private HttpResponseMessage Register()
    {
        _isStarting = true;
        return Json($$"""{"ok":true,"journal":"{{Journal}}","requestId":"1"}""");
    }

    private HttpResponseMessage Read(System.Collections.Specialized.NameValueCollection query)
    {
        string? since = query["since"];
        if (query["limit"] == "1")
        {
            // The client checks whether the journal exists.
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }

        if (_isStarting || since != _expected)
        {
            _starts.Add(since is not null ? JournalPosition.After(since) : query["latest"] is null ? JournalPosition.Oldest : JournalPosition.Latest);
        }

        _next = Repeats && since is null ? 0 : _next;
        HttpResponseMessage response = _next < _answers.Count ? _answers[_next++]() : Nothing(since);
        _isStarting = (int)response.StatusCode >= 400;
        return response;
    }

    private HttpResponseMessage Nothing(string? position) => WithNext(new HttpResponseMessage(HttpStatusCode.NoContent), position);

    private HttpResponseMessage WithNext(HttpResponseMessage response, string? position)
    {
        _expected = position;
        if (position is not null)
        {
            response.Headers.TryAddWithoutValidation("Link", $"<{Journal}?since={Uri.EscapeDataString(position)}>; rel=\"next\"");
        }

        return response;
    }

    private RelayedJournal Answer((string Position, string Json)[] entries) => Answer(() => WithNext(
        Json($$"""{"events":[{{string.Join(',', entries.Select(static entry => $$"""{"position":"{{entry.Position}}","event":{{entry.Json}}}"""))}}]}"""), entries[^1].Position));

    private RelayedJournal Answer(Func<HttpResponseMessage> answer)
    {
        _answers.Add(answer);
        return this;
    }
}
