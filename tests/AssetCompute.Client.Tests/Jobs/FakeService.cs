using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Http;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>
/// An in-memory service that accepts requests, and has a journal that responds when there is an event. A test decides which events come, and when. By default,
/// each rendition is created immediately. Therefore nothing polls, and only a test advances the clock.
/// </summary>
internal sealed class FakeService : HttpMessageHandler
{
    public const string Journal = "https://journal.example/events/1";

    /// <summary>
    /// The maximum time that a test waits, in real time: 30 seconds for busy machines, or the seconds in <c>ASSET_COMPUTE_TEST_PATIENCE</c>. A mutation run
    /// sets fewer seconds, because most of its waits never succeed.
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

    /// <summary>The accepted requests, in order.</summary>
    public List<JsonObject> Processed { get; } = [];

    /// <summary>Handles an accepted request. Default: creates all renditions.</summary>
    public Action<JsonObject> OnProcess { get; set; }

    /// <summary>Replaces the service's response, unless it returns null.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Instead { get; set; } = static _ => null;

    /// <summary>Whether the journal holds its response until there is an event. If false, it responds that there is none. Default: true.</summary>
    public bool HoldsBack { get; set; } = true;

    /// <summary>The number of journal reads that wait for an event.</summary>
    public int ReadsHeldBack => Volatile.Read(ref _readsHeldBack);

    /// <summary>The request id that the service assigns, from the id in the request.</summary>
    public Func<string, string> RequestId { get; set; } = static sent => sent;

    public FakeService()
    {
        OnProcess = CreateAll;
        _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _limit.CancelAfter(Patience);
    }

    /// <summary>The token that cancels the waits of a test at the time limit.</summary>
    public CancellationToken Limit => _limit.Token;

    /// <summary>The number of calls to a path whose query contains a text.</summary>
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
            // Tests advance the clock by more than the default timeouts.
            options.Retry.AttemptTimeout = options.Retry.TotalTimeout = TimeSpan.FromHours(12);
            configure?.Invoke(options);
        },
        Time,
        network: this);

    public static IRenditionJobs JobsOf(TestAccount account) => account.Services.GetRequiredService<IRenditionJobs>();

    /// <summary>Creates a request for PNG renditions whose names consist of the prefix and a number.</summary>
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

    /// <summary>Creates the event of a rendition, with everything that the service echoes.</summary>
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

    /// <summary>Creates an event with the given nesting depth.</summary>
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

    /// <summary>Waits until a condition on the service is true. Each change to the service triggers a check.</summary>
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

    /// <summary>Polls until a condition is true. Use it for conditions that nothing signals, such as a timer that is set.</summary>
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

    /// <summary>Makes a change, and wakes all waiting tests, because any of them may wait for it.</summary>
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
