using System.Diagnostics;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>Starts readings of an account's journal, or of another that its token opens.</summary>
internal sealed class JournalFeedFactory(
    string account,
    IHttpClientFactory http,
    AllowedHosts allowedHosts,
    IOptionsMonitor<AssetComputeOptions> monitor,
    JournalLocator locator,
    ILogger logger,
    TimeProvider timeProvider)
{
    /// <summary>Makes the next reading of the account's own journal register again, unless another journal was found since.</summary>
    public void ForgetJournal(Uri gone) => locator.Forget(gone);

    /// <param name="start">Where to start.</param>
    /// <param name="options">How to read.</param>
    /// <param name="cancellationToken">Cancels the search for the journal.</param>
    /// <param name="cause">The span that started a reading which outlives it, for links.</param>
    public async ValueTask<JournalFeed> CreateAsync(JournalPosition start, JournalReadOptions options, CancellationToken cancellationToken, ActivityContext cause = default)
    {
        JournalOptions defaults = monitor.Get(account).Journal;
        if (options.Journal is { } named)
        {
            allowedHosts.Allow(named);
        }

        Uri journal = options.Journal ?? await locator.GetJournalAsync(cancellationToken).ConfigureAwait(false);
        JournalFeedSettings settings = new()
        {
            Journal = journal,
            Start = start,
            Options = defaults,
            PageSize = options.PageSize ?? defaults.PageSize,
            OnExpired = options.OnExpired ?? defaults.OnExpired,
            StopWhenCaughtUp = options.StopWhenCaughtUp,
            Cause = cause,
            FindAnew = options.Journal is null ? locator.FindAnewAsync : null,
        };
        return new JournalFeed(new JournalPageSource(http.CreateClient(HttpClientNames.Journal(account)), timeProvider), settings, new JournalTelemetry(account, logger, timeProvider), timeProvider);
    }
}
