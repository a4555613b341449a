using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Authentication;

/// <summary>Caches the access token of one account, renews it in the background, and replaces it when the service rejects it.</summary>
/// <remarks>Callers share one refresh. Only the disposal of the cache cancels it.</remarks>
internal sealed class AccessTokenCache(
    string account, IOptionsMonitor<AssetComputeOptions> monitor, CredentialsReader credentials, ImsTokenClient ims, TimeProvider time, ILogger logger)
    : IAccessTokenProvider, IAsyncDisposable, IDisposable
{
    // Up to ten rejected tokens are replaced immediately, then one in five seconds: a service that rejects every token must not cause a token request for
    // each call.
    private static readonly TimeSpan s_rejectionInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_rejectionBurst = TimeSpan.FromSeconds(9 * 5);

    private static readonly TimeSpan s_maxLead = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_firstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maxBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_maxRetryAfter = TimeSpan.FromMinutes(5);

    private readonly string _account = ClientLog.NameOf(account);
    private readonly long _started = time.GetTimestamp();
    private readonly CancellationTokenSource _stopping = new();
    private readonly object _lock = new();

    // All fields below are changed under the lock. Times are measured from _started, so that a change of the clock does not affect them.
    private CachedToken? _cached;
    private volatile Task<CachedToken?>? _refresh;
    private Failure? _failure;
    private TimeSpan _rejectionsUsedUntil;
    private bool _loggedTooManyRejections;
    private bool _disposed;

    /// <summary>The refresh in flight, or a completed task.</summary>
    internal Task PendingRefresh => _refresh ?? Task.CompletedTask;

    private TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <inheritdoc/>
    public async ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (int round = 1; ; round++)
        {
            if (GetOrRefresh(rejected, out Task<CachedToken?>? refresh) is { } token)
            {
                return token;
            }

            // After a failure there is no token, and the next iteration throws the failure.
            CachedToken? refreshed = await refresh!.WaitAsync(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);

            // A refresh that started before this call may return the rejected token, or a token of credentials that have changed since. One more refresh is
            // enough: the service may have no other token.
            if (refreshed is not null && (round >= 2 || (!refreshed.Is(rejected) && refreshed.Options == GetOptions())))
            {
                return refreshed.Token;
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

    private static ObjectDisposedException Disposed() => new(nameof(AssetComputeClient));

    /// <summary>Returns the account's current options: another object after each change.</summary>
    private AssetComputeOptions GetOptions()
    {
        try
        {
            return monitor.Get(account);
        }
        catch (OptionsValidationException exception)
        {
            throw new AssetComputeAuthenticationException($"The options are not valid: {exception.Message}", exception);
        }
    }

    /// <summary>Returns a valid token; or null, and the refresh to wait for.</summary>
    private AccessToken? GetOrRefresh(AccessToken? rejected, out Task<CachedToken?>? refresh)
    {
        lock (_lock)
        {
            refresh = null;
            if (_disposed)
            {
                throw Disposed();
            }

            DateTimeOffset now = time.GetUtcNow();
            AssetComputeOptions options = GetOptions();
            if (_cached is not null && _cached.Is(rejected) && !TryDrop(_cached, now))
            {
                return _cached.Token;
            }

            CachedToken? cached = _cached?.Options == options ? _cached : null;
            bool mayRefresh = _failure is null || Elapsed >= _failure.RetryAt || options != _failure.Options;
            bool isUsable = now < cached?.UsableUntil;
            if (mayRefresh && !(isUsable && now < cached!.RefreshOn))
            {
                _refresh ??= StartRefresh(options, rejected);
            }

            if (isUsable)
            {
                return cached!.Token;
            }

            refresh = _refresh;

            // If no new token can be obtained, a request with the old one may still arrive in time.
            return refresh is not null ? null : now < cached?.Token.ExpiresOn ? cached.Token : throw _failure!.Exception.Copy();
        }
    }

    /// <summary>Drops the rejected token, unless too many were rejected.</summary>
    private bool TryDrop(CachedToken rejected, DateTimeOffset now)
    {
        if (now < rejected.UsableUntil)
        {
            TimeSpan used = _rejectionsUsedUntil - Elapsed;
            if (used > s_rejectionBurst)
            {
                if (!_loggedTooManyRejections)
                {
                    ClientLog.TooManyRejections(logger, _account);
                    _loggedTooManyRejections = true;
                }

                return false;
            }

            _rejectionsUsedUntil = (used > TimeSpan.Zero ? _rejectionsUsedUntil : Elapsed) + s_rejectionInterval;
        }

        ClientLog.TokenRejected(logger, _account);
        _loggedTooManyRejections = false;
        _cached = null;
        return true;
    }

    /// <summary>Starts a refresh without the caller's activity, log scope and cancellation token.</summary>
    private Task<CachedToken?> StartRefresh(AssetComputeOptions options, AccessToken? rejected)
    {
        CachedToken? cached = _cached;
        using AsyncFlowControl? noContext = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return Task.Run(() => RefreshAsync(options, cached, rejected));
    }

    /// <summary>Returns null after a failure, which is kept for the callers. Never throws: a background refresh may have no waiting caller.</summary>
    private async Task<CachedToken?> RefreshAsync(AssetComputeOptions options, CachedToken? cached, AccessToken? rejected)
    {
        try
        {
            ImsCredentials current = credentials.Read(account, options);
            DateTimeOffset now = time.GetUtcNow();

            // Options change for many reasons. A valid token is wrong only if the client, the host or the scopes have changed.
            CachedToken token;
            if (cached is not null && cached.Key == current.TokenKey && !cached.Is(rejected) && now < cached.RefreshOn)
            {
                token = cached with { Options = options };
            }
            else
            {
                AccessToken issued = await ims.RequestAsync(current, _stopping.Token).ConfigureAwait(false);
                ClientLog.TokenObtained(logger, current.Identity.ClientId, issued.ExpiresOn);
                TimeSpan lead = new(Math.Min((issued.ExpiresOn - now).Ticks / 10, s_maxLead.Ticks));
                token = new CachedToken(issued, current.TokenKey, options, issued.ExpiresOn - lead, issued.ExpiresOn - new TimeSpan(lead.Ticks / 10));
            }

            lock (_lock)
            {
                _refresh = null;
                _cached = _disposed ? null : token;
                _failure = null;
            }

            return token;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed: there is nothing to report.
        }
        catch (Exception exception)
        {
            AssetComputeAuthenticationException failure = exception as AssetComputeAuthenticationException
                ?? new AssetComputeAuthenticationException("An access token could not be obtained: " + exception.GetType().Name + ".", exception);
            TimeSpan wait;
            lock (_lock)
            {
                _refresh = null;
                int earlier = _failure?.Options == options ? _failure.Count : 0;
                wait = Backoff.Delay(s_firstBackoff, s_maxBackoff, earlier, failure.RetryAfter > s_maxRetryAfter ? s_maxRetryAfter : failure.RetryAfter);
                _failure = new Failure(failure, earlier + 1, options, Elapsed + wait);
            }

            ClientLog.RefreshFailed(logger, _account, wait, failure.Message);
        }

        return null;
    }

    /// <summary>The last failure, how many in a row there were with these options, and when the next attempt is allowed.</summary>
    private sealed record Failure(AssetComputeAuthenticationException Exception, int Count, AssetComputeOptions Options, TimeSpan RetryAt);

    /// <param name="Token">The token.</param>
    /// <param name="Key">The <see cref="ImsCredentials.TokenKey"/> of its credentials.</param>
    /// <param name="Options">The options that it was last compared with.</param>
    /// <param name="RefreshOn">From this time, a new token is requested in the background.</param>
    /// <param name="UsableUntil">From this time, callers wait for a new token: a request needs time to arrive.</param>
    private sealed record CachedToken(AccessToken Token, string Key, AssetComputeOptions Options, DateTimeOffset RefreshOn, DateTimeOffset UsableUntil)
    {
        public bool Is(AccessToken? other) => other is not null && string.Equals(Token.Value, other.Value, StringComparison.Ordinal);
    }
}
