using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Caches the access token of one account. Callers share one refresh. A token is renewed in the background while it is still valid, and replaced
/// when the service rejects it.
/// </summary>
/// <remarks>
/// A refresh belongs to the cache, not to the caller that started it: cancelling the caller does not cancel it, disposing the cache does.
/// </remarks>
internal sealed class AccessTokenCache : IAccessTokenProvider, IAsyncDisposable, IDisposable
{
    // A rejected token is replaced ten times at once, then once in five seconds: a service that rejects every token must not turn each call
    // into a token request.
    private const int RejectionBurst = 10;
    private static readonly TimeSpan RejectionInterval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan MaxBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(5);

    private readonly string _account;
    private readonly CredentialsResolver _credentials;
    private readonly ImsTokenClient _ims;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private readonly long _started;
    private readonly CancellationTokenSource _stopping = new();
    private readonly object _lock = new();

    // All fields below are accessed under the lock. Times are measured from _started, so that setting the clock does not disturb them.
    private CachedToken? _cached;
    private Task<Refreshed>? _refresh;
    private AssetComputeAuthenticationException? _failure;
    private int _failures;
    private int _failedVersion;
    private TimeSpan _retryAt;
    private TimeSpan _rejectionsUsedUntil;
    private bool _loggedTooManyRejections;
    private bool _disposed;

    /// <param name="account">The name of the account.</param>
    /// <param name="credentials">The credentials of the account.</param>
    /// <param name="ims">Requests tokens.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Returns a number from 0 to 1, for the jitter of the backoff.</param>
    /// <param name="logger">The logger.</param>
    public AccessTokenCache(string account, CredentialsResolver credentials, ImsTokenClient ims, TimeProvider time, Func<double> random, ILogger logger)
    {
        _account = AccountName.Shown(account);
        _credentials = credentials;
        _ims = ims;
        _time = time;
        _random = random;
        _logger = logger;
        _started = time.GetTimestamp();
    }

    /// <summary>The refresh in flight, or a completed task.</summary>
    internal Task PendingRefresh
    {
        get
        {
            lock (_lock)
            {
                return _refresh ?? Task.CompletedTask;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (int round = 1; ; round++)
        {
            if (GetOrRefresh(rejected, out Task<Refreshed>? refresh) is { } token)
            {
                return token;
            }

            Refreshed refreshed = await refresh!.WaitAsync(Timeout.InfiniteTimeSpan, _time, cancellationToken).ConfigureAwait(false);
            if (refreshed.Token is null)
            {
                lock (_lock)
                {
                    return _disposed ? throw Disposed() : GetExpiring(rejected) ?? throw Copy(refreshed.Failure!);
                }
            }

            // A refresh that started before this caller came may return the rejected token, or one of credentials that have changed since.
            // One more refresh is enough: the service may have no other token to give.
            bool outdated = refreshed.Token.Is(rejected) || refreshed.Token.Version != _credentials.Version;
            if (!outdated || round == 2)
            {
                return refreshed.Token.Token;
            }
        }
    }

    /// <summary>Cancels the refresh in flight and waits for its end. Callers that wait for it get an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await PendingRefresh.ConfigureAwait(false);
    }

    /// <summary>Cancels the refresh in flight without waiting for its end.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _cached = null;
        }

        _stopping.Cancel();
    }

    /// <summary>Returns a valid token, or null and the refresh to wait for.</summary>
    private AccessToken? GetOrRefresh(AccessToken? rejected, out Task<Refreshed>? refresh)
    {
        lock (_lock)
        {
            refresh = null;
            if (_disposed)
            {
                throw Disposed();
            }

            DateTimeOffset now = _time.GetUtcNow();
            int version = _credentials.Version;
            if (_cached is not null && _cached.Is(rejected) && !TryDrop(_cached, now))
            {
                return _cached.Token;
            }

            bool mayRefresh = _failure is null || _time.GetElapsedTime(_started) >= _retryAt || version != _failedVersion;
            if (_cached is { } cached && cached.Version == version && now < cached.UsableUntil)
            {
                if (now >= cached.RefreshOn && mayRefresh)
                {
                    _refresh ??= StartRefresh(rejected);
                }

                return cached.Token;
            }

            if (_refresh is null && !mayRefresh)
            {
                return GetExpiring(rejected) ?? throw Copy(_failure!);
            }

            refresh = _refresh ??= StartRefresh(rejected);
            return null;
        }
    }

    /// <summary>Returns the old token in the last moments of its life: where no new token can be obtained, it may still arrive in time.</summary>
    private AccessToken? GetExpiring(AccessToken? rejected) =>
        _cached is { } cached && cached.Version == _credentials.Version && _time.GetUtcNow() < cached.Token.ExpiresOn && !cached.Is(rejected)
            ? cached.Token
            : null;

    /// <summary>Drops the rejected token, unless too many were rejected.</summary>
    private bool TryDrop(CachedToken rejected, DateTimeOffset now)
    {
        TimeSpan elapsed = _time.GetElapsedTime(_started);
        TimeSpan from = _rejectionsUsedUntil > elapsed ? _rejectionsUsedUntil : elapsed;
        if (now < rejected.UsableUntil)
        {
            if (from - elapsed > TimeSpan.FromTicks(RejectionInterval.Ticks * (RejectionBurst - 1)))
            {
                if (!_loggedTooManyRejections)
                {
                    AuthenticationLog.TooManyRejections(_logger, _account);
                    _loggedTooManyRejections = true;
                }

                return false;
            }

            _rejectionsUsedUntil = from + RejectionInterval;
        }

        AuthenticationLog.TokenRejected(_logger, _account);
        _loggedTooManyRejections = false;
        _cached = null;
        return true;
    }

    /// <summary>Starts a refresh without the caller's activity, log scope and cancellation token.</summary>
    private Task<Refreshed> StartRefresh(AccessToken? rejected)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Task.Run(() => RefreshAsync(rejected));
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(() => RefreshAsync(rejected));
        }
    }

    /// <summary>Never throws: nobody may be waiting for a background refresh.</summary>
    private async Task<Refreshed> RefreshAsync(AccessToken? rejected)
    {
        int version = _credentials.Version;
        CachedToken? token = null;
        AssetComputeAuthenticationException? failure = null;
        try
        {
            token = await ObtainAsync(rejected, version).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed: there is nothing to report.
        }
        catch (AssetComputeAuthenticationException exception)
        {
            failure = exception;
        }
        catch (Exception exception)
        {
            failure = new AssetComputeAuthenticationException("An access token could not be obtained: " + exception.GetType().Name + ".", exception);
        }

        TimeSpan wait = TimeSpan.Zero;
        lock (_lock)
        {
            _refresh = null;
            if (token is not null && !_disposed)
            {
                _cached = token;
                _failure = null;
                _failures = 0;
            }
            else if (failure is not null)
            {
                wait = BackOff(failure, version);
            }
        }

        if (failure is not null)
        {
            AuthenticationLog.RefreshFailed(_logger, _account, wait, failure.Message);
        }

        return new Refreshed(token, failure);
    }

    private async Task<CachedToken> ObtainAsync(AccessToken? rejected, int version)
    {
        ImsCredentials credentials = _credentials.Resolve();
        CachedToken? cached;
        lock (_lock)
        {
            cached = _cached;
        }

        // Options change for many reasons. Only another client, host or scope makes a valid token the wrong one.
        if (cached is not null && cached.Key == credentials.TokenKey && !cached.Is(rejected) && _time.GetUtcNow() < cached.RefreshOn)
        {
            return cached with { Version = version };
        }

        DateTimeOffset requestedOn = _time.GetUtcNow();
        AccessToken token = await _ims.RequestAsync(credentials, _stopping.Token).ConfigureAwait(false);
        AuthenticationLog.TokenObtained(_logger, credentials.Identity.ClientId, token.ExpiresOn);
        return new CachedToken(token, credentials.TokenKey, version, token.ExpiresOn - requestedOn);
    }

    /// <summary>
    /// Waits 1 second after a failed refresh and doubles the wait with each further failure, up to a minute, with jitter of up to a half. A longer
    /// <c>Retry-After</c> is honored up to five minutes.
    /// </summary>
    private TimeSpan BackOff(AssetComputeAuthenticationException failure, int version)
    {
        _failures = version == _failedVersion ? _failures + 1 : 1;
        _failedVersion = version;
        _failure = failure;
        double seconds = Math.Min(MaxBackoff.TotalSeconds, Math.Pow(2, Math.Min(_failures - 1, 16)));
        var wait = TimeSpan.FromSeconds(seconds * (1 - (_random() / 2)));
        if (failure.RetryAfter is { } retryAfter && retryAfter > wait)
        {
            wait = retryAfter < MaxRetryAfter ? retryAfter : MaxRetryAfter;
        }

        _retryAt = _time.GetElapsedTime(_started) + wait;
        return wait;
    }

    private static ObjectDisposedException Disposed() => new(nameof(AssetComputeClient));

    /// <summary>Creates an exception for each caller: one object thrown on many threads would mix up their stack traces.</summary>
    private static AssetComputeAuthenticationException Copy(AssetComputeAuthenticationException failure) =>
        new(failure.Message, failure)
        {
            StatusCode = failure.StatusCode,
            Error = failure.Error,
            ErrorDescription = failure.ErrorDescription,
            DebugId = failure.DebugId,
            RetryAfter = failure.RetryAfter,
            IsTransient = failure.IsTransient,
        };

    /// <summary>The result of a refresh: a token, a failure, or neither when the cache was disposed.</summary>
    private sealed record Refreshed(CachedToken? Token, AssetComputeAuthenticationException? Failure);

    /// <summary>A token, the credentials it was issued for, and the times that matter to the cache.</summary>
    private sealed record CachedToken
    {
        private static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(5);

        public CachedToken(AccessToken token, string key, int version, TimeSpan lifetime)
        {
            Token = token;
            Key = key;
            Version = version;
            TimeSpan lead = new(Math.Min(lifetime.Ticks / 10, MaxLead.Ticks));
            RefreshOn = token.ExpiresOn - lead;

            // A request needs time to arrive, so a token is not handed out in the last moments of its life.
            UsableUntil = token.ExpiresOn - new TimeSpan(lead.Ticks / 10);
        }

        public AccessToken Token { get; }

        /// <summary>The <see cref="ImsCredentials.TokenKey"/> of its credentials.</summary>
        public string Key { get; }

        /// <summary>The <see cref="CredentialsResolver.Version"/> that it was last compared with.</summary>
        public int Version { get; init; }

        /// <summary>From here on a new token is requested in the background.</summary>
        public DateTimeOffset RefreshOn { get; }

        /// <summary>From here on callers wait for a new token.</summary>
        public DateTimeOffset UsableUntil { get; }

        public bool Is(AccessToken? other) => other is not null && string.Equals(Token.Value, other.Value, StringComparison.Ordinal);
    }
}
