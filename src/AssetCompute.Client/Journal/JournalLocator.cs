using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Http.Resilience;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>
/// The URL of an account's own journal: registers once, however many ask, and waits until a new journal answers.
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

    /// <summary>The journal's URL, once it answers.</summary>
    /// <exception cref="JournalException">The journal did not answer in time.</exception>
    public ValueTask<Uri> GetJournalAsync(CancellationToken cancellationToken) =>
        _journal is { } known ? new ValueTask<Uri>(known) : FindAsync(gone: null, cancellationToken);

    /// <summary>The journal that the account has now, where one that it had is not found any more: it may have been registered anew since.</summary>
    /// <returns>Another journal, once it answers; or the same one, where the registration still names it.</returns>
    /// <exception cref="JournalException">The new journal did not answer in time.</exception>
    public ValueTask<Uri> FindAnewAsync(Uri gone, CancellationToken cancellationToken)
    {
        Forget(gone);
        return _journal is { } known ? new ValueTask<Uri>(known) : FindAsync(gone, cancellationToken);
    }

    /// <summary>Forgets a journal, because its registration has ended: the next to ask registers anew. One that was found since stays.</summary>
    public void Forget(Uri gone)
    {
        if (_journal is { } known && known == gone)
        {
            Interlocked.CompareExchange(ref _journal, null, known);
        }
    }

    public void Dispose() => _one.Dispose();

    private async ValueTask<Uri> FindAsync(Uri? gone, CancellationToken cancellationToken)
    {
        // A caller that is cancelled leaves, and the next in line registers: registration is idempotent.
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
                // Whoever has missed the same one knows best how long to wait for it.
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

    private async Task WaitUntilReadyAsync(Uri journal, CancellationToken cancellationToken)
    {
        TimeSpan bound = options.Get(account).Journal.ReadinessTimeout;
        JournalPageSource source = new(http.CreateClient(HttpClientNames.Journal(account)), timeProvider);
        Uri probe = new JournalCursor(journal, JournalPosition.Latest, pageSize: 1).Url;
        HttpOperation operation = new(OperationKind.ReadJournal, probe, requestId: null, timeProvider);
        while (true)
        {
            Exception? failure = await ProbeAsync(source, operation, cancellationToken).ConfigureAwait(false);
            if (failure is null)
            {
                return;
            }

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

    private static async Task<Exception?> ProbeAsync(JournalPageSource source, HttpOperation operation, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await source.SendAsync(operation, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return null;
            }

            AssetComputeException answer = await ResponseErrors.CreateAsync(response, operation, cancellationToken).ConfigureAwait(false);

            // Who is refused at the door need not wait for the journal to be set up.
            return answer is AssetComputeAuthenticationException or AssetComputeNotEntitledException ? throw answer : answer;
        }
        catch (Exception exception) when (
            JournalFailure.IsTransient(exception)
            && !cancellationToken.IsCancellationRequested
            && exception is not (AssetComputeAuthenticationException or AssetComputeNotEntitledException))
        {
            return exception;
        }
    }
}
