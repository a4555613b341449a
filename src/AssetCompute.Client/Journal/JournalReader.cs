using System.Diagnostics;
using System.Runtime.CompilerServices;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>Opens readings of a journal. It returns the entries to the caller one by one, and passes the notices to the callback.</summary>
internal sealed class JournalReader(
    string account,
    IHttpClientFactory http,
    AllowedHosts allowedHosts,
    IOptionsMonitor<AssetComputeOptions> monitor,
    JournalLocator locator,
    ILogger logger,
    TimeProvider timeProvider) : IJournalReader
{
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

    /// <summary>Makes the next reading of the account's own journal register again, unless another journal was found since.</summary>
    public void ForgetJournal(Uri gone) => locator.Forget(gone);

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

        Uri journal = options.Journal ?? await locator.FindAsync(gone: null, cancellationToken).ConfigureAwait(false);
        return new JournalFeed(
            new JournalPageSource(http.CreateClient(HttpClientNames.Journal(account)), defaults, timeProvider, cause),
            new JournalCursor(journal, start, options.PageSize ?? defaults.PageSize),
            defaults,
            options,
            options.Journal is null ? locator.FindAsync : null,
            new JournalTelemetry(account, logger, timeProvider),
            timeProvider);
    }

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
}
