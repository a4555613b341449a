using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Webhooks;

/// <summary>Counts and logs what a webhook does.</summary>
internal sealed class WebhookTelemetry(string account, ILogger logger, TimeProvider timeProvider)
{
    private readonly KeyValuePair<string, object?> _account = new(TelemetryTags.Account, account);

    /// <summary>For people: the one account of an application has no name.</summary>
    private readonly string _shownAccount = AccountName.Shown(account);

    public WebhookAnswer Answered(WebhookOutcome outcome, long started)
    {
        TimeSpan elapsed = timeProvider.GetElapsedTime(started);
        ClientDiagnostics.WebhookDuration.Record(elapsed.TotalSeconds, _account, new(TelemetryTags.Outcome, outcome.Name));
        if (outcome.Events > 0)
        {
            ClientDiagnostics.WebhookEvents.Add(outcome.Events, _account);
        }

        if (outcome.Reason is { } reason)
        {
            WebhookLog.Refused(logger, _shownAccount, outcome.Answer.StatusCode, outcome.Name, reason);
        }
        else
        {
            WebhookLog.Answered(logger, _shownAccount, outcome.Answer.StatusCode, outcome.Name, outcome.Events, elapsed.TotalMilliseconds);
        }

        return outcome.Answer;
    }

    public void NotStored(Exception exception, int events) => WebhookLog.NotStored(logger, exception, _shownAccount, events);

    public void LeftRunning(int calls) => WebhookLog.LeftRunning(logger, _shownAccount, calls);

    public void KeyFetched(string path, PublicKeyAnswer answer)
    {
        bool found = answer.Status == PublicKeyStatus.Found;
        ClientDiagnostics.WebhookKeyFetches.Add(1, _account, new(TelemetryTags.Outcome, found ? "found" : answer.Status == PublicKeyStatus.Missing ? "missing" : "unavailable"));
        if (found)
        {
            WebhookLog.KeyFetched(logger, path);
        }
        else
        {
            WebhookLog.KeyNotFetched(logger, path, answer.Reason);
        }
    }

    public void Validated(Uri url, int attempt, string? failure)
    {
        string shown = RedactedUrl.Of(url);
        if (failure is null)
        {
            WebhookLog.Validated(logger, _shownAccount, shown);
        }
        else
        {
            WebhookLog.NotValidated(logger, _shownAccount, shown, attempt, failure);
        }
    }
}
