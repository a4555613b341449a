using System.Threading.RateLimiting;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// Opens the <c>validationUrl</c> that Adobe sends if its challenge got no answer. Adobe disables the registration if the URL is not opened within five
/// minutes, so it is tried several times, after the request that contained it was answered.
/// </summary>
internal sealed class RegistrationValidator(HttpClient http, Uri endpoint, OwnedTasks tasks, WebhookTelemetry telemetry, TimeProvider timeProvider) : IDisposable
{
    private const int MaxLength = 4096;
    private const int MaxRedirects = 5;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] s_waits = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90)];

    private readonly ConcurrencyLimiter _open = new(new ConcurrencyLimiterOptions { PermitLimit = 4, QueueLimit = 0 });

    /// <summary>Starts to open the URL if it leads to the pinned host.</summary>
    public WebhookOutcome Start(string url)
    {
        if (url.Length > MaxLength || !Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || !IsOfHost(uri))
        {
            return WebhookOutcome.BadValidation;
        }

        RateLimitLease place = _open.AttemptAcquire();
        if (place.IsAcquired && tasks.TryRun(() => OpenAsync(uri, place)) is not null)
        {
            return WebhookOutcome.Validating;
        }

        place.Dispose();
        return WebhookOutcome.Busy;
    }

    public void Dispose() => _open.Dispose();

    private bool IsOfHost(Uri url) => url.UserInfo.Length == 0 && url.Scheme == endpoint.Scheme && url.Port == endpoint.Port
        && string.Equals(url.IdnHost, endpoint.IdnHost, StringComparison.OrdinalIgnoreCase);

    private async Task<bool> OpenAsync(Uri url, RateLimitLease place)
    {
        using RateLimitLease held = place;
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                (string? failure, bool isFinal) = await TryOpenAsync(url).ConfigureAwait(false);
                telemetry.Validated(url, attempt + 1, failure);
                if (failure is null || isFinal || attempt == s_waits.Length)
                {
                    return failure is null;
                }

                await Task.Delay(s_waits[attempt], timeProvider, tasks.Stopping).ConfigureAwait(false);
            }
        }
        catch (Exception) when (tasks.Stopping.IsCancellationRequested)
        {
            telemetry.Validated(url, 0, "the webhook is stopping");
            return false;
        }
    }

    private async Task<(string? Failure, bool IsFinal)> TryOpenAsync(Uri url)
    {
        using CancellationTokenSource timeout = new(s_timeout, timeProvider);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, tasks.Stopping);
        try
        {
            for (int redirects = 0; ; redirects++)
            {
                using HttpResponseMessage response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, any.Token).ConfigureAwait(false);
                int status = (int)response.StatusCode;
                if (status is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                {
                    // Anyone can send a URL of the host, so a URL that does not exist must not occupy a slot for minutes.
                    return response.IsSuccessStatusCode ? (null, true) : ($"the answer was {status}", status is >= 400 and < 500 and not 408 and not 429);
                }

                url = new Uri(url, location);
                if (redirects == MaxRedirects || !IsOfHost(url))
                {
                    return (IsOfHost(url) ? $"it redirects more than {MaxRedirects} times" : "it redirects to another host", true);
                }
            }
        }
        catch (Exception exception) when (!tasks.Stopping.IsCancellationRequested)
        {
            // A user's handler may throw anything; there are further attempts.
            return (exception is OperationCanceledException ? "no answer in time" : $"the host cannot be reached ({exception.GetType().Name})", false);
        }
    }
}
