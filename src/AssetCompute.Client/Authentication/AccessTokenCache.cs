using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// One account's token: fetched once however many ask, renewed in the background while the old one still serves, replaced when the service
/// refuses it.
/// </summary>
/// <remarks>
/// A refresh belongs to the cache, not to the caller who happened to need it: a cancelled caller leaves it running for the others, and
/// disposing the cache ends it. Nothing is fetched for an account that nobody calls.
/// </remarks>
internal sealed class AccessTokenCache : IAccessTokenProvider, IAsyncDisposable, IDisposable
{
    private static readonly Task<Refreshed> NothingToWaitFor = Task.FromResult(new Refreshed(Token: null, Failure: null));

    private readonly string _account;
    private readonly CredentialsResolver _credentials;
    private readonly AccessTokenSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _started;
    private readonly CancellationTokenSource _stopping = new();
    private readonly object _gate = new();

    // Written under the gate; read without it on the fast path.
    private CachedAccessToken? _cached;

    // Under the gate.
    private readonly RefreshBackoff _backoff;
    private readonly RejectionLimit _rejections = new();
    private Task<Refreshed>? _refresh;
    private bool _saidTooMany;
    private bool _disposed;

    public AccessTokenCache(
        string account,
        CredentialsResolver credentials,
        AccessTokenSource source,
        TimeProvider time,
        Func<double> random,
        ILogger logger)
    {
        _account = AccountName.Shown(account);
        _credentials = credentials;
        _source = source;
        _time = time;
        _logger = logger;
        _started = time.GetTimestamp();
        _backoff = new RefreshBackoff(random);
    }

    /// <summary>The refresh in flight, or a completed task.</summary>
    internal Task PendingRefresh
    {
        get
        {
            lock (_gate)
            {
                return _refresh ?? Task.CompletedTask;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new ValueTask<AccessToken>(Task.FromCanceled<AccessToken>(cancellationToken));
        }

        CachedAccessToken? cached = Volatile.Read(ref _cached);
        return cached is not null
            && cached.CredentialsVersion == _credentials.Version
            && cached.IsFresh(_time.GetUtcNow(), rejected)
                ? new ValueTask<AccessToken>(cached.Token)
                : new ValueTask<AccessToken>(WaitForTokenAsync(rejected, cancellationToken));
    }

    /// <summary>Ends the refresh in flight and waits until it has ended. Callers who wait for it get an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await PendingRefresh.ConfigureAwait(false);
    }

    /// <summary>The same without the wait, for a container that is disposed synchronously.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _cached = null;
        }

        _stopping.Cancel();
    }

    private async Task<AccessToken> WaitForTokenAsync(AccessToken? rejected, CancellationToken cancellationToken)
    {
        for (int round = 1; ; round++)
        {
            if (TakeOrRefresh(rejected, out Task<Refreshed> refresh) is { } token)
            {
                return token;
            }

            Refreshed refreshed = await refresh.WaitAsync(Timeout.InfiniteTimeSpan, _time, cancellationToken).ConfigureAwait(false);
            if (refreshed.Token is null)
            {
                ObjectDisposedException.ThrowIf(refreshed.Failure is null, this);
                return LastResort(rejected) ?? throw Copy(refreshed.Failure!);
            }

            // A refresh that was already on its way when this caller came may bring the very token that was refused, or one of credentials
            // that have changed since. Once is enough: the service may also have nothing better to give.
            bool outdated = refreshed.Token.Is(rejected) || refreshed.Token.CredentialsVersion != _credentials.Version;
            if (!outdated || round == 2)
            {
                return refreshed.Token.Token;
            }
        }
    }

    /// <summary>The token, when one serves; else null and the refresh to wait for.</summary>
    private AccessToken? TakeOrRefresh(AccessToken? rejected, out Task<Refreshed> refresh)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            refresh = NothingToWaitFor;
            DateTimeOffset now = _time.GetUtcNow();
            TimeSpan elapsed = Elapsed();
            int version = _credentials.Version;

            if (_cached is not null && _cached.Is(rejected) && !Drop(now, elapsed))
            {
                return _cached.Token;
            }

            if (_cached is { } cached && cached.CredentialsVersion == version && now < cached.ServesUntil)
            {
                if (now >= cached.RefreshOn && _refresh is null && _backoff.Allows(elapsed, version))
                {
                    _refresh = Start(rejected);
                }

                return cached.Token;
            }

            if (_refresh is null && !_backoff.Allows(elapsed, version))
            {
                return LastResort(rejected) ?? throw Copy(_backoff.Failure!);
            }

            refresh = _refresh ??= Start(rejected);
            return null;
        }
    }

    /// <summary>The old token in its last moment, when no new one can be had: it may still arrive in time, and no request would not.</summary>
    private AccessToken? LastResort(AccessToken? rejected) =>
        Volatile.Read(ref _cached) is { } cached
        && cached.CredentialsVersion == _credentials.Version
        && _time.GetUtcNow() < cached.Token.ExpiresOn
        && !cached.Is(rejected)
            ? cached.Token
            : null;

    /// <summary>Under the gate: takes the refused token out of use, unless the service refuses whatever it is given.</summary>
    private bool Drop(DateTimeOffset now, TimeSpan elapsed)
    {
        if (now < _cached!.ServesUntil && !_rejections.TryTake(elapsed))
        {
            if (!_saidTooMany)
            {
                AuthenticationLog.TooManyRejections(_logger, _account);
                _saidTooMany = true;
            }

            return false;
        }

        AuthenticationLog.TokenRejected(_logger, _account);
        _saidTooMany = false;
        _cached = null;
        return true;
    }

    /// <summary>Begins a refresh that carries nothing of the caller's: not its activity, its log scope nor its cancellation.</summary>
    private Task<Refreshed> Start(AccessToken? rejected)
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

    /// <summary>Never fails: a refresh that nobody waits for has nobody to fail to.</summary>
    private async Task<Refreshed> RefreshAsync(AccessToken? rejected)
    {
        int version = _credentials.Version;
        CachedAccessToken? token = null;
        AssetComputeAuthenticationException? failure = null;
        try
        {
            token = await _source.ObtainAsync(Volatile.Read(ref _cached), rejected, version, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed: there is nothing to tell.
        }
        catch (AssetComputeAuthenticationException exception)
        {
            failure = exception;
        }
        catch (Exception exception)
        {
            failure = new AssetComputeAuthenticationException("No access token could be had: " + exception.GetType().Name + ".", exception);
        }

        Complete(token, failure, version);
        return new Refreshed(token, failure);
    }

    private void Complete(CachedAccessToken? token, AssetComputeAuthenticationException? failure, int version)
    {
        TimeSpan wait = TimeSpan.Zero;
        lock (_gate)
        {
            _refresh = null;
            if (token is not null && !_disposed)
            {
                Volatile.Write(ref _cached, token);
                _backoff.Succeeded();
            }
            else if (failure is not null)
            {
                wait = _backoff.Failed(failure, Elapsed(), version);
            }
        }

        if (failure is not null)
        {
            AuthenticationLog.RefreshFailed(_logger, _account, wait, failure.Message);
        }
    }

    private TimeSpan Elapsed() => _time.GetElapsedTime(_started);

    /// <summary>An own exception for each caller: one object thrown on many threads would mix up their stack traces.</summary>
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

    /// <summary>How a refresh ended: a token, a failure, or neither when the cache was disposed.</summary>
    private sealed record Refreshed(CachedAccessToken? Token, AssetComputeAuthenticationException? Failure);
}
