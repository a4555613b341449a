using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>A journal that returns scripted responses, in order. A request without a scripted response fails.</summary>
internal sealed class ScriptedJournal : HttpMessageHandler
{
    public static readonly Uri Url = new("https://journal.example/events/1");

    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    /// <summary>The queries of the requests, in order.</summary>
    public List<string> Queries { get; } = [];

    /// <summary>The paths of the requests, in order.</summary>
    public List<string> Paths { get; } = [];

    public ScriptedJournal Page(int first, int count, string? next = null) =>
        Answer(() => WithLink(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Pages.Page(first, count), Encoding.UTF8, "application/json") }, next ?? $"?since={Pages.Position(first + count - 1)}"));

    public ScriptedJournal PageWithoutLink(int first, int count) =>
        Answer(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Pages.Page(first, count), Encoding.UTF8, "application/json") });

    public ScriptedJournal Body(string body) => Answer(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) });

    public ScriptedJournal Nothing(TimeSpan? retryAfter = null, string? next = null) => Answer(() =>
    {
        HttpResponseMessage response = new(HttpStatusCode.NoContent);
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
        }

        return WithLink(response, next);
    });

    public ScriptedJournal Status(int status, TimeSpan? retryAfter = null) => Answer(() =>
    {
        HttpResponseMessage response = new((HttpStatusCode)status) { Content = new StringContent("") };
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
        }

        return response;
    });

    public ScriptedJournal Throws(Exception exception) => Answer(() => throw exception);

    public ScriptedJournal Answer(Func<HttpResponseMessage> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public JournalFeed Feed(TimeProvider timeProvider, JournalPosition start = default, Action<JournalOptions>? configure = null, ExpiredPositionPolicy onExpired = ExpiredPositionPolicy.Throw, bool stopWhenCaughtUp = true, Func<Uri, CancellationToken, ValueTask<Uri>>? findAnew = null)
    {
        // Tests advance the clock whenever a timer is set, so a read timeout would fire during the read.
        JournalOptions options = new() { ReadTimeout = Timeout.InfiniteTimeSpan };
        configure?.Invoke(options);
        return new JournalFeed(
            new JournalPageSource(new HttpClient(this, disposeHandler: false), options, timeProvider),
            new JournalCursor(Url, start, pageSize: null),
            options,
            new JournalReadOptions { OnExpired = onExpired, StopWhenCaughtUp = stopWhenCaughtUp },
            findAnew,
            new JournalTelemetry("", NullLogger.Instance, timeProvider),
            timeProvider);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Paths.Add(request.RequestUri!.AbsolutePath);
        Queries.Add(Uri.UnescapeDataString(request.RequestUri.Query));
        if (_answers.Count == 0)
        {
            throw new InvalidOperationException($"Nobody expected a further request: {request.RequestUri}");
        }

        try
        {
            HttpResponseMessage response = _answers.Dequeue()();
            response.RequestMessage = request;
            return Task.FromResult(response);
        }
        catch (Exception exception)
        {
            return Task.FromException<HttpResponseMessage>(exception);
        }
    }

    private static HttpResponseMessage WithLink(HttpResponseMessage response, string? next)
    {
        if (next is not null)
        {
            response.Headers.TryAddWithoutValidation("Link", $"<{next}>; rel=\"next\"");
        }

        return response;
    }
}
