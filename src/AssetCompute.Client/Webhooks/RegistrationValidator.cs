namespace AssetCompute.Client.Webhooks;

/// <summary>
/// Opens the <c>validationUrl</c> that Adobe sends where it got no answer to its challenge. Within five minutes it must have been opened, or the registration
/// is disabled; so it is tried a few times, after the request that brought it was answered.
/// </summary>
internal sealed class RegistrationValidator(HttpClient http, Uri endpoint, OwnedTasks tasks, WebhookTelemetry telemetry, TimeProvider timeProvider)
{
    private const int MaxLength = 4096;
    private const int MaxOpen = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90)];
    private int _open;

    /// <summary>The URL, where it leads to the pinned host; else null.</summary>
    public Uri? Check(string url) =>
        url.Length <= MaxLength
        && Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)
        && uri.Scheme == endpoint.Scheme
        && uri.Port == endpoint.Port
        && string.Equals(uri.IdnHost, endpoint.IdnHost, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0
            ? uri
            : null;

    /// <summary>Begins to open a URL that was checked.</summary>
    /// <returns>False where too many are being opened, or the owner of the work is disposed.</returns>
    public bool TryStart(Uri url)
    {
        if (Interlocked.Increment(ref _open) <= MaxOpen && tasks.TryRun(() => OpenAsync(url)) is not null)
        {
            return true;
        }

        Interlocked.Decrement(ref _open);
        return false;
    }

    private async Task<bool> OpenAsync(Uri url)
    {
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                string? failure = await TryOpenAsync(url).ConfigureAwait(false);
                telemetry.Validated(url, attempt + 1, failure);
                if (failure is null || attempt == Waits.Length)
                {
                    return failure is null;
                }

                await timeProvider.Delay(Waits[attempt], tasks.Stopping).ConfigureAwait(false);
            }
        }
        catch (Exception) when (tasks.Stopping.IsCancellationRequested)
        {
            telemetry.Validated(url, 0, "the receiver is stopping");
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<string?> TryOpenAsync(Uri url)
    {
        using CancellationTokenSource timeout = timeProvider.CreateCancellationTokenSource(Patience);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, tasks.Stopping);
        try
        {
            using HttpResponseMessage response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : $"the answer was {(int)response.StatusCode}";
        }
        catch (Exception exception) when (!tasks.Stopping.IsCancellationRequested)
        {
            // Whatever it is, and handlers of the user's own may throw what they like: there are further attempts.
            return exception is OperationCanceledException ? "no answer in time" : $"the host cannot be reached ({exception.GetType().Name})";
        }
    }
}
