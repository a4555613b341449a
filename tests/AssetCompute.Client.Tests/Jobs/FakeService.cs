using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Http;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>
/// The service in memory: takes requests, and has a journal that answers when it has an event. Which events come, and when, a test says;
/// by default each rendition is created at once. So nothing polls, and the clock moves only when a test moves it.
/// </summary>
internal sealed class FakeService : HttpMessageHandler
{
    public const string Journal = "https://journal.example/events/1";

    /// <summary>
    /// How long a test waits for what must come, in real time: 30 seconds for a machine that is busy, unless <c>ASSET_COMPUTE_TEST_PATIENCE</c> names other
    /// seconds, as a mutation run does, where most of what is waited for never comes.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("ASSET_COMPUTE_TEST_PATIENCE"), System.Globalization.CultureInfo.InvariantCulture, out int seconds) ? seconds : 30);

    private readonly object _gate = new();
    private readonly CancellationTokenSource _limit;
    private readonly List<string> _entries = [];
    private readonly List<(string Path, string Query)> _calls = [];
    private TaskCompletionSource _changed = NewSignal();
    private int _readsHeldBack;

    public FakeTimeProvider Time { get; } = new();

    /// <summary>The requests that were taken, as they came.</summary>
    public List<JsonObject> Processed { get; } = [];

    /// <summary>What becomes of a request that was taken. Default: all its renditions are created.</summary>
    public Action<JsonObject> OnProcess { get; set; }

    /// <summary>Answers in place of the service; null lets it answer itself.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Instead { get; set; } = static _ => null;

    /// <summary>Whether the journal holds its answer back until it has an event. Default: true; else it says that there is none.</summary>
    public bool HoldsBack { get; set; } = true;

    /// <summary>How many reads of the journal wait for an event.</summary>
    public int ReadsHeldBack => Volatile.Read(ref _readsHeldBack);

    /// <summary>The request id that the service gives, from the one it was sent.</summary>
    public Func<string, string> RequestId { get; set; } = static sent => sent;

    public FakeService()
    {
        OnProcess = CreateAll;
        _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _limit.CancelAfter(Patience);
    }

    /// <summary>Ends what a test waits for when its time is up.</summary>
    public CancellationToken Limit => _limit.Token;

    /// <summary>How often a path was called, with the text in its query.</summary>
    public int Calls(string path, string query = "")
    {
        lock (_gate)
        {
            return _calls.Count(call => call.Path == path && call.Query.Contains(query, StringComparison.Ordinal));
        }
    }

    public TestAccount Account(Action<AssetComputeOptions>? configure = null) => new(
        options =>
        {
            // A test moves the clock by more than a read of the journal may take.
            options.Retry.AttemptTimeout = options.Retry.TotalTimeout = TimeSpan.FromHours(12);
            configure?.Invoke(options);
        },
        Time,
        network: this);

    public static IRenditionJobs JobsOf(TestAccount account) => account.Services.GetRequiredService<IRenditionJobs>();

    /// <summary>A request for PNGs whose names are the prefix and a number.</summary>
    public static ProcessRequest Request(string prefix, int renditions, string? requestId = null) => new()
    {
        RequestId = requestId,
        Source = new Uri("https://source.example/1.jpg"),
        Renditions = [.. Enumerable.Range(0, renditions).Select(i => new Rendition { Name = $"{prefix}-{i}", Format = RenditionFormat.Png, Target = new Uri($"https://target.example/{prefix}-{i}") })],
    };

    public void CreateAll(JsonObject request)
    {
        for (int i = 0; i < request["renditions"]!.AsArray().Count; i++)
        {
            Create(request, i);
        }
    }

    public void Create(JsonObject request, int index) => Publish(Event(request, index, "rendition_created"));

    public void Fail(JsonObject request, int index, RenditionFailureReason reason)
    {
        JsonObject failed = Event(request, index, "rendition_failed");
        failed["errorReason"] = reason.Value;
        Publish(failed);
    }

    /// <summary>The event of a rendition, with all that the service echoes.</summary>
    public static JsonObject Event(JsonObject request, int index, string type)
    {
        JsonObject rendition = request["renditions"]![index]!.DeepClone().AsObject();
        rendition.Remove("target");
        return new JsonObject
        {
            ["type"] = type,
            ["date"] = "2026-01-01T00:00:00Z",
            ["requestId"] = (string)request["givenId"]!,
            ["source"] = request["source"]!.DeepClone(),
            ["userData"] = request["userData"]?.DeepClone(),
            ["rendition"] = rendition,
            ["metadata"] = new JsonObject { ["repo:size"] = 100 + index },
        };
    }

    /// <summary>An event that is nested so deeply.</summary>
    public static JsonNode Deep(int levels)
    {
        JsonNode json = new JsonObject();
        for (int i = 1; i < levels; i++)
        {
            json = new JsonArray(json);
        }

        return json;
    }

    public void Publish(JsonNode adobeEvent) =>
        Change(() => _entries.Add($$"""{"position":"{{Position(_entries.Count)}}","event":{{adobeEvent.ToJsonString()}}}"""));

    /// <summary>Completes once the service was called as the condition says.</summary>
    public async Task WaitAsync(Func<FakeService, bool> condition)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (condition(this))
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Completes once a condition holds that nothing signals, such as a timer that is set.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException("The condition did not come to hold.");
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    public static string Position(int index) => $"p:{index:d6}";

    protected override void Dispose(bool disposing)
    {
        _limit.Dispose();
        base.Dispose(disposing);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Change(() => _calls.Add((request.RequestUri!.AbsolutePath, Uri.UnescapeDataString(request.RequestUri.Query))));
        HttpResponseMessage response = Instead(request) ?? request.RequestUri!.AbsolutePath switch
        {
            "/register" => Json($$"""{"ok":true,"journal":"{{Journal}}","requestId":"r"}"""),
            "/process" => await ProcessAsync(request, cancellationToken),
            "/events/1" => await ReadAsync(request, cancellationToken),
            _ => throw new InvalidOperationException($"Nobody expected {request.Method} {request.RequestUri}."),
        };
        response.RequestMessage = request;
        return response;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>Every change wakes those who wait: a test may wait for any of them.</summary>
    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private async Task<HttpResponseMessage> ProcessAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        JsonObject body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject();
        string id = RequestId(request.Headers.GetValues("x-request-id").Single());
        body["givenId"] = id;
        Change(() => Processed.Add(body));
        OnProcess(body);
        HttpResponseMessage response = Json($$"""{"ok":true,"requestId":"{{id}}"}""");
        response.Headers.Add("x-request-id", id);
        return response;
    }

    private async Task<HttpResponseMessage> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string query = Uri.UnescapeDataString(request.RequestUri!.Query);
        bool latest = query.Contains("latest=true", StringComparison.Ordinal);
        int since = query.IndexOf("since=p:", StringComparison.Ordinal);
        int first = since < 0 ? 0 : int.Parse(query.AsSpan(since + "since=p:".Length, 6), System.Globalization.CultureInfo.InvariantCulture) + 1;
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (latest || _entries.Count > first || !HoldsBack)
                {
                    return latest || _entries.Count <= first ? End() : Page(first);
                }

                changed = _changed.Task;
            }

            Interlocked.Increment(ref _readsHeldBack);
            try
            {
                await changed.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _readsHeldBack);
            }
        }
    }

    private HttpResponseMessage End() => WithNext(new HttpResponseMessage(HttpStatusCode.NoContent));

    private HttpResponseMessage Page(int first) =>
        WithNext(Json($$$"""{"events":[{{{string.Join(",", _entries.Skip(first))}}}],"_page":{"last":"{{{Position(_entries.Count - 1)}}}","count":{{{_entries.Count - first}}}}}"""));

    private HttpResponseMessage WithNext(HttpResponseMessage response)
    {
        if (_entries.Count > 0)
        {
            response.Headers.TryAddWithoutValidation("Link", $"</events/1?since={Position(_entries.Count - 1)}>; rel=\"next\"");
        }

        return response;
    }
}
