using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// Fetches and caches Adobe's public keys. Deliveries that wait for the same key share one fetch, failures are not cached, and rate limits prevent forged
/// deliveries from causing many requests.
/// </summary>
internal sealed partial class PublicKeyCache(HttpClient http, WebhookOptions options, OwnedTasks tasks, WebhookTelemetry telemetry, TimeProvider timeProvider)
{
    private const int MaxKeys = 16;
    private const int MaxKeyBytes = 64 * 1024;

    /// <summary>Two keys are fetched at the same time, and Adobe waits 10 seconds in total.</summary>
    private static readonly TimeSpan s_fetchTimeout = TimeSpan.FromSeconds(4);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<PublicKeyAnswer>> _fetches = new(StringComparer.Ordinal);

    // The sender chooses the path, so unknown paths share one limit, separate from the limits of the keys in use.
    private readonly TokenBucketRateLimiter _unknownPaths = Limit(20, TimeSpan.FromSeconds(3));
    private long _uses;

    /// <summary>
    /// True for <c>/prod/keys/pub-key-….pem</c> and the same path under <c>/stage</c>. The sender chooses the path, so no other request may reach the pinned
    /// host.
    /// </summary>
    public static bool IsPath(string? path) => path is not null && Path().IsMatch(path);

    public bool TryGet(string path, out RSAParameters key)
    {
        lock (_gate)
        {
            bool found = _entries.TryGetValue(path, out Entry? entry) && timeProvider.GetElapsedTime(entry.FetchedAt) < options.KeyLifetime;
            key = found ? entry!.Key : default;
            return found;
        }
    }

    /// <summary>Marks a key that has verified a delivery, so that it is evicted last.</summary>
    public void Used(string path)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(path, out Entry? entry))
            {
                entry.LastUse = ++_uses;
            }
        }
    }

    /// <summary>Fetches the key. The fetch belongs to the receiver: it continues if a delivery stops waiting for it.</summary>
    public Task<PublicKeyAnswer> FetchAsync(string path, CancellationToken cancellationToken)
    {
        Task<PublicKeyAnswer>? fetch;
        lock (_gate)
        {
            if (!_fetches.TryGetValue(path, out fetch))
            {
                TokenBucketRateLimiter limit = _entries.TryGetValue(path, out Entry? entry) ? entry.Limit : _unknownPaths;
                limit.TryReplenish();
                using RateLimitLease lease = limit.AttemptAcquire();
                fetch = lease.IsAcquired ? tasks.TryRun(() => FetchAndKeepAsync(path)) : Task.FromResult(PublicKeyAnswer.Unavailable("too many requests to the key host"));
                if (fetch is null)
                {
                    return Task.FromResult(PublicKeyAnswer.Unavailable("the receiver is stopping"));
                }

                if (lease.IsAcquired)
                {
                    _fetches.Add(path, fetch);
                }
            }
        }

        return fetch.WaitAsync(cancellationToken);
    }

    private async Task<PublicKeyAnswer> FetchAndKeepAsync(string path)
    {
        long started = timeProvider.GetTimestamp();
        PublicKeyAnswer answer = PublicKeyAnswer.Unavailable("the receiver is stopping");
        try
        {
            answer = await FetchAsync(new Uri(options.PublicKeyEndpoint, path)).ConfigureAwait(false);
            telemetry.KeyFetched(path, answer);
        }
        catch (Exception) when (tasks.Stopping.IsCancellationRequested)
        {
            // The delivery is answered with 503.
        }
        finally
        {
            // Also if a logger or a listener of the meter throws: the next delivery must not get the failed fetch.
            lock (_gate)
            {
                _fetches.Remove(path);
                Keep(path, answer, started);
            }
        }

        return answer;
    }

    private async Task<PublicKeyAnswer> FetchAsync(Uri url)
    {
        using CancellationTokenSource timeout = new(s_fetchTimeout, timeProvider);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, tasks.Stopping);
        try
        {
            using HttpResponseMessage response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, any.Token).ConfigureAwait(false);
            if (response.RequestMessage?.RequestUri is { } asked && asked != url)
            {
                // A user's handler may follow redirects.
                return PublicKeyAnswer.Unavailable("the key host redirects");
            }

            if (response.StatusCode is not HttpStatusCode.OK)
            {
                // Only 404 and 410 mean that the key does not exist. Any other failure may be transient, and a 4xx to Adobe would lose the events.
                string reason = $"the key host answered {(int)response.StatusCode}";
                return response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone ? new PublicKeyAnswer(IsMissing: true, Reason: reason) : PublicKeyAnswer.Unavailable(reason);
            }

            await response.Content.LoadIntoBufferAsync(MaxKeyBytes, any.Token).ConfigureAwait(false);
            using RSA rsa = RSA.Create();
            rsa.ImportFromPem(await response.Content.ReadAsStringAsync(any.Token).ConfigureAwait(false));
            return rsa.KeySize is >= 2048 and <= 8192
                ? new PublicKeyAnswer(rsa.ExportParameters(includePrivateParameters: false))
                : PublicKeyAnswer.Unavailable($"the key has {rsa.KeySize} bits, not 2,048 to 8,192");
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return PublicKeyAnswer.Unavailable("the key is not an RSA public key in PEM form");
        }
        catch (Exception exception) when (!tasks.Stopping.IsCancellationRequested)
        {
            // A user's handler may throw anything, and the other key may still verify the delivery.
            return PublicKeyAnswer.Unavailable(exception is OperationCanceledException ? "the key host did not answer in time" : $"the key could not be fetched from {url.Authority} ({exception.GetType().Name})");
        }
    }

    private void Keep(string path, PublicKeyAnswer answer, long fetchedAt)
    {
        if (answer.IsMissing)
        {
            _entries.Remove(path);
        }
        else if (answer.Key is { } key)
        {
            if (!_entries.TryGetValue(path, out Entry? entry))
            {
                if (_entries.Count == MaxKeys)
                {
                    _entries.Remove(_entries.MinBy(static pair => pair.Value.LastUse).Key);
                }

                // If no cached key verifies a delivery, the key may have been replaced. That justifies a request, but not one for each forged delivery.
                _entries.Add(path, entry = new Entry(Limit(5, TimeSpan.FromSeconds(12))));
            }

            entry.Key = key;
            entry.FetchedAt = fetchedAt;
        }
    }

    private static TokenBucketRateLimiter Limit(int atOnce, TimeSpan interval) =>
        new(new TokenBucketRateLimiterOptions { TokenLimit = atOnce, TokensPerPeriod = 1, ReplenishmentPeriod = interval, QueueLimit = 0, AutoReplenishment = false });

    [GeneratedRegex(@"^/(prod|stage)/keys/pub-key-[A-Za-z0-9_-]{1,170}\.pem\z", RegexOptions.CultureInvariant)]
    private static partial Regex Path();

    private sealed class Entry(TokenBucketRateLimiter limit)
    {
        public TokenBucketRateLimiter Limit { get; } = limit;

        public RSAParameters Key { get; set; }

        public long FetchedAt { get; set; }

        public long LastUse { get; set; }
    }
}
