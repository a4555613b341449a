using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// Metrics and log messages of a webhook (event ids 1400 to 1499), under the meter name of the client. Never a body, a signature, a challenge or a query
/// string.
/// </summary>
internal sealed partial class WebhookTelemetry(string account, ILogger logger, TimeProvider timeProvider)
{
    public const string Category = "AssetCompute.Client.Webhooks";

    private const string OutcomeTag = "asset_compute.outcome";

    private static readonly Meter s_meter = new("AssetCompute.Client", typeof(WebhookTelemetry).Assembly.GetName().Version?.ToString(3));
    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>(
        "asset_compute.webhook.duration", "s", "How long it took to answer a request to the webhook, by outcome.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Counter<long> s_events = s_meter.CreateCounter<long>(
        "asset_compute.webhook.events", "{event}", "Events that came by webhook and were stored.");

    private static readonly Counter<long> s_keyFetches = s_meter.CreateCounter<long>(
        "asset_compute.webhook.key_fetches", "{request}", "Requests for a public key of Adobe's signatures, by outcome.");

    // The account without a name has no tag: a dashboard would show an empty one as a separate name.
    private readonly KeyValuePair<string, object?>[] _account = account.Length == 0 ? [] : [new("asset_compute.account", account)];

    public void Answered(WebhookOutcome outcome, long started)
    {
        TimeSpan elapsed = timeProvider.GetElapsedTime(started);
        s_duration.Record(elapsed.TotalSeconds, [.. _account, new(OutcomeTag, outcome.Name)]);
        if (outcome.Events > 0)
        {
            s_events.Add(outcome.Events, _account);
        }

        if (outcome.Reason is { } reason)
        {
            LogRefused(outcome.StatusCode, outcome.Name, reason);
        }
        else
        {
            LogAnswered(outcome.StatusCode, outcome.Name, outcome.Events, elapsed.TotalMilliseconds);
        }
    }

    public void KeyFetched(string path, PublicKeyAnswer answer)
    {
        s_keyFetches.Add(1, [.. _account, new(OutcomeTag, answer.Key is not null ? "found" : answer.IsMissing ? "missing" : "unavailable")]);
        if (answer.Key is not null)
        {
            LogKeyFetched(path);
        }
        else
        {
            LogKeyNotFetched(path, answer.Reason);
        }
    }

    public void Validated(Uri url, int attempt, string? failure)
    {
        string shown = url.GetLeftPart(UriPartial.Path);
        if (failure is null)
        {
            LogValidated(shown);
        }
        else
        {
            LogNotValidated(shown, attempt, failure);
        }
    }

    [LoggerMessage(EventId = 1400, Level = LogLevel.Debug, Message = "A request to the webhook was answered with {StatusCode}: {Outcome}, {Events} events in {Elapsed} ms.")]
    private partial void LogAnswered(int statusCode, string outcome, int events, double elapsed);

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "A delivery to the webhook was refused with {StatusCode} ({Outcome}): {Reason}")]
    private partial void LogRefused(int statusCode, string outcome, string reason);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Error, Message = "The {Events} events of a delivery to the webhook could not be stored; Adobe sends them again.")]
    public partial void NotStored(Exception exception, int events);

    [LoggerMessage(EventId = 1403, Level = LogLevel.Information, Message = "The public key {Path} was fetched.")]
    private partial void LogKeyFetched(string path);

    [LoggerMessage(EventId = 1404, Level = LogLevel.Warning, Message = "The public key {Path} could not be fetched: {Reason}.")]
    private partial void LogKeyNotFetched(string path, string? reason);

    [LoggerMessage(EventId = 1405, Level = LogLevel.Information, Message = "The registration of the webhook was validated at {Url}.")]
    private partial void LogValidated(string url);

    [LoggerMessage(EventId = 1406, Level = LogLevel.Warning, Message = "The registration of the webhook was not validated at {Url} (attempt {Attempt}): {Reason}.")]
    private partial void LogNotValidated(string url, int attempt, string reason);

    [LoggerMessage(EventId = 1407, Level = LogLevel.Warning, Message = "The webhook is disposed while {Calls} of its calls still run: a handler ignores its token.")]
    public partial void LeftRunning(int calls);

    [LoggerMessage(EventId = 1408, Level = LogLevel.Error, Message = "The event '{Id}' of a delivery to the webhook was set aside: {Problem} An inbox keeps it as a dead letter; any other handler does not get it.")]
    public partial void SetAside(string id, string problem);

    [LoggerMessage(EventId = 1409, Level = LogLevel.Error, Message = "A callback on the token of a handler of the webhook threw an exception when the token was canceled.")]
    public partial void CallbackThrew(Exception exception);
}
