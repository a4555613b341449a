using System.Diagnostics;
using System.Runtime.CompilerServices;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Opens readings of a journal. Finds the account's own journal: it registers once for all concurrent callers, and waits until a new journal answers.
/// </summary>
internal sealed class JournalReader(
    string account,
    IAssetComputeClient client,
    IHttpClientFactory http,
    AllowedHosts allowedHosts,
    IOptionsMonitor<AssetComputeOptions> monitor,
    ILogger logger,
    TimeProvider timeProvider) : IJournalReader, IDisposable
{
    private static readonly TimeSpan s_probeInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Uri? _journal;

    public IAsyncEnumerable<JournalEntry> ReadAsync(
        JournalPosition start = default,
        JournalReadOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        if (options?.PageSize is <= 0 or > 10_000)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.PageSize, $"{nameof(JournalReadOptions.PageSize)} must be 1 to 10,000.");
        }

        if (options?.Journal is { } journal && !SecureUrl.IsValid(journal))
        {
            throw new ArgumentException($"{nameof(JournalReadOptions.Journal)} must be an absolute https URL; http is allowed to a loopback address.", nameof(options));
        }

        return ReadEntriesAsync(start, options ?? new JournalReadOptions(), cancellationToken);
    }

    /// <summary>Opens a reading of the account's own journal, or of another journal that its token can access.</summary>
    /// <param name="start">Where to start.</param>
    /// <param name="options">How to read.</param>
    /// <param name="cancellationToken">Cancels the search for the journal.</param>
    /// <param name="cause">The span that started a reading that outlives it, for links.</param>
    public async ValueTask<JournalFeed> OpenAsync(JournalPosition start, JournalReadOptions options, CancellationToken cancellationToken, ActivityContext cause = default)
    {
        JournalOptions defaults = monitor.Get(account).Journal;
        if (options.Journal is { } named)
        {
            allowedHosts.Allow(named);
        }

        Uri journal = options.Journal ?? await FindAsync(gone: null, cancellationToken).ConfigureAwait(false);
        return new JournalFeed(
            NewSource(defaults, cause),
            new JournalCursor(journal, start, options.PageSize ?? defaults.PageSize),
            defaults,
            options,
            options.Journal is null ? FindAsync : null,
            new JournalTelemetry(account, logger, timeProvider),
            timeProvider);
    }

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

    private async IAsyncEnumerable<JournalEntry> ReadEntriesAsync(
        JournalPosition start,
        JournalReadOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        JournalFeed feed = await OpenAsync(start, options, cancellationToken).ConfigureAwait(false);
        await foreach (JournalBatch batch in feed.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (batch.Notice is { } notice)
            {
                options.OnNotice?.Invoke(notice);
            }

            foreach (JournalEntry entry in batch.Entries)
            {
                yield return entry;
            }
        }
    }

    private async Task WaitUntilReadyAsync(Uri journal, CancellationToken cancellationToken)
    {
        JournalOptions defaults = monitor.Get(account).Journal;
        TimeSpan bound = defaults.ReadinessTimeout;
        JournalPageSource source = NewSource(defaults);
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

    private JournalPageSource NewSource(JournalOptions defaults, ActivityContext cause = default) =>
        new(http.CreateClient(HttpClientNames.Journal(account)), defaults, timeProvider, cause);
}
