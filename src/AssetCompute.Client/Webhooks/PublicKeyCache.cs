using System.Security.Cryptography;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// The keys of Adobe's signatures, each fetched once however many deliveries wait for it. Only keys are kept, never a failure; and whoever sends forged
/// deliveries cannot make this a storm of requests to the key host.
/// </summary>
/// <remarks>A fetch belongs to the receiver, not to the delivery that happened to need it.</remarks>
internal sealed class PublicKeyCache(PublicKeyClient client, TimeSpan lifetime, OwnedTasks tasks, WebhookTelemetry telemetry, TimeProvider timeProvider)
{
    private const int MaxKeys = 16;
    private const string Stopping = "the receiver is stopping";

    // A delivery that no key fits may mean that Adobe has put a new key in the place of the old one: worth a look, but not for each forged one.
    private const int LooksAtOnce = 5;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(12);

    // Paths that nobody has seen before are whatever a sender writes: they share one budget, apart from that of the keys in use.
    private readonly FetchBudget _strangers = new(20, TimeSpan.FromSeconds(3), timeProvider);
    private readonly object _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<PublicKeyAnswer>> _fetches = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>The key, where it is at hand and young enough.</summary>
    public bool TryGet(string path, out RSAParameters key)
    {
        lock (_gate)
        {
            bool found = _entries.TryGetValue(path, out Entry? entry) && timeProvider.GetElapsedTime(entry.FetchedAt) < lifetime;
            key = found ? entry!.Key : default;
            return found;
        }
    }

    /// <summary>Says that the key has fitted a delivery, so that it is the last to make room for others.</summary>
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

    /// <summary>The key as the key host has it now.</summary>
    public Task<PublicKeyAnswer> FetchAsync(string path, CancellationToken cancellationToken)
    {
        Task<PublicKeyAnswer>? fetch;
        lock (_gate)
        {
            if (!_fetches.TryGetValue(path, out fetch))
            {
                FetchBudget budget = _entries.TryGetValue(path, out Entry? entry) ? entry.Budget : _strangers;
                if (!budget.TryTake())
                {
                    return Task.FromResult(PublicKeyAnswer.Unavailable("the key host was asked often enough for now"));
                }

                fetch = tasks.TryRun(() => FetchAsync(path));
                if (fetch is null)
                {
                    return Task.FromResult(PublicKeyAnswer.Unavailable(Stopping));
                }

                _fetches.Add(path, fetch);
            }
        }

        return fetch.WaitAsync(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken);
    }

    private async Task<PublicKeyAnswer> FetchAsync(string path)
    {
        long started = timeProvider.GetTimestamp();
        PublicKeyAnswer answer = PublicKeyAnswer.Unavailable(Stopping);
        try
        {
            answer = await client.FetchAsync(path, tasks.Stopping).ConfigureAwait(false);
            telemetry.KeyFetched(path, answer);
            return answer;
        }
        catch (Exception) when (tasks.Stopping.IsCancellationRequested)
        {
            return answer;
        }
        finally
        {
            lock (_gate)
            {
                _fetches.Remove(path);
                Keep(path, answer, started);
            }
        }
    }

    private void Keep(string path, PublicKeyAnswer answer, long fetchedAt)
    {
        if (answer.Status == PublicKeyStatus.Missing)
        {
            _entries.Remove(path);
        }
        else if (answer.Status == PublicKeyStatus.Found)
        {
            if (!_entries.TryGetValue(path, out Entry? entry))
            {
                if (_entries.Count == MaxKeys)
                {
                    _entries.Remove(_entries.OrderBy(static pair => pair.Value.LastUse).First().Key);
                }

                entry = new Entry(new FetchBudget(LooksAtOnce, LookInterval, timeProvider));
                _entries.Add(path, entry);
            }

            entry.Key = answer.Key;
            entry.FetchedAt = fetchedAt;
        }
    }

    private sealed class Entry(FetchBudget budget)
    {
        public FetchBudget Budget { get; } = budget;

        public RSAParameters Key { get; set; }

        public long FetchedAt { get; set; }

        public long LastUse { get; set; }
    }
}
