using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Http.Resilience;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Finds the URL of an account's own journal. It registers once for all concurrent callers, and waits until a new journal answers.
/// </summary>
internal sealed class JournalLocator(
    string account,
    IAssetComputeClient client,
    IHttpClientFactory http,
    AllowedHosts allowedHosts,
    IOptionsMonitor<AssetComputeOptions> options,
    TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan s_probeInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Uri? _journal;

    /// <summary>Returns the URL of the account's current journal, once it answers.</summary>
    /// <param name="gone">A journal that is not found: the account may have been registered again since. It is returned if the registration still names it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="JournalException">The journal did not answer in time.</exception>
    public async ValueTask<Uri> FindAsync(Uri? gone, CancellationToken cancellationToken)
    {
        Forget(gone);
        if (_journal is { } known)
        {
            return known;
        }

        // A canceled caller leaves, and the next caller registers: registration is idempotent.
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_journal is { } found)
            {
                return found;
            }

            RegisterResult registration = await client.RegisterAsync(cancellationToken).ConfigureAwait(false);
            allowedHosts.Allow(registration.Journal);
            if (registration.Journal != gone)
            {
                // If it is the same journal, the caller decides how long to wait for it.
                await WaitUntilReadyAsync(registration.Journal, cancellationToken).ConfigureAwait(false);
            }

            _journal = registration.Journal;
            return registration.Journal;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Forgets a journal because its registration has ended. The next caller registers again. A journal that was found since is kept.</summary>
    public void Forget(Uri? gone)
    {
        if (_journal is { } known && known == gone)
        {
            Interlocked.CompareExchange(ref _journal, null, known);
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task WaitUntilReadyAsync(Uri journal, CancellationToken cancellationToken)
    {
        JournalOptions settings = options.Get(account).Journal;
        TimeSpan bound = settings.ReadinessTimeout;
        JournalPageSource source = new(http.CreateClient(HttpClientNames.Journal(account)), settings, timeProvider);
        Uri probe = new JournalCursor(journal, JournalPosition.Latest, pageSize: 1).Url;
        HttpOperation operation = new(OperationKind.ReadJournal, probe, requestId: null, timeProvider);
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await source.SendAsync(operation, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (
                JournalFailure.IsTransient(failure)
                && !(failure is OperationCanceledException && cancellationToken.IsCancellationRequested)
                && failure is not (AssetComputeAuthenticationException or AssetComputeNotEntitledException))
            {
                if (operation.Elapsed >= bound)
                {
                    throw new JournalException(
                        $"The journal did not answer within {bound} after the registration ({nameof(JournalOptions)}.{nameof(JournalOptions.ReadinessTimeout)}). The last failure: {failure.Message}",
                        failure);
                }

                TimeSpan wait = Failure.RetryAfterOf(failure) is { } retryAfter && retryAfter > s_probeInterval ? retryAfter : s_probeInterval;
                await timeProvider.Delay(wait < bound ? wait : bound, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
