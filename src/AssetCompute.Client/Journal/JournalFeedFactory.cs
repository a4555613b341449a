using System.Diagnostics;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>Starts readings of an account's journal, or of another that its token opens.</summary>
internal sealed class JournalFeedFactory
{
    private readonly string _account;
    private readonly IHttpClientFactory _http;
    private readonly AllowedHosts _allowedHosts;
    private readonly IOptionsMonitor<AssetComputeOptions> _options;
    private readonly JournalLocator _locator;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;

    public JournalFeedFactory(
        string account,
        IHttpClientFactory http,
        AllowedHosts allowedHosts,
        IOptionsMonitor<AssetComputeOptions> options,
        JournalLocator locator,
        ILogger logger,
        TimeProvider timeProvider)
    {
        _logger = logger;
        _allowedHosts = allowedHosts;
        _account = account;
        _http = http;
        _options = options;
        _locator = locator;
        _timeProvider = timeProvider;
    }

    /// <summary>Lets the next reading of the account's own journal register anew, where that is still the journal that is known.</summary>
    public void ForgetJournal(Uri gone) => _locator.Forget(gone);

    /// <param name="start">Where to start.</param>
    /// <param name="options">How to read.</param>
    /// <param name="cancellationToken">Cancels the search for the journal.</param>
    /// <param name="cause">The span that started a reading which outlives it, for links.</param>
    public async ValueTask<JournalFeed> CreateAsync(JournalPosition start, JournalReadOptions options, CancellationToken cancellationToken, ActivityContext cause = default)
    {
        JournalOptions defaults = _options.Get(_account).Journal;
        if (options.Journal is { } named)
        {
            _allowedHosts.Allow(named);
        }

        Uri journal = options.Journal ?? await _locator.GetJournalAsync(cancellationToken).ConfigureAwait(false);
        JournalFeedSettings settings = new()
        {
            Journal = journal,
            Start = start,
            Options = defaults,
            PageSize = options.PageSize ?? defaults.PageSize,
            OnExpired = options.OnExpired ?? defaults.OnExpired,
            StopWhenCaughtUp = options.StopWhenCaughtUp,
            Cause = cause,
            FindAnew = options.Journal is null ? _locator.FindAnewAsync : null,
        };
        return new JournalFeed(new JournalPageSource(_http.CreateClient(HttpClientNames.Journal(_account)), _timeProvider), settings, new JournalTelemetry(_account, _logger, _timeProvider), _timeProvider);
    }
}
