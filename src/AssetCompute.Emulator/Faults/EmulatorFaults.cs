namespace AssetCompute.Emulator;

/// <summary>
/// Injects faults on demand. For each operation, faults are evaluated in this order: faults for the next or nth call, in the order in which they were
/// added; limits (rate, window, concurrency); shares, in the order in which they were added. Thread-safe.
/// </summary>
public sealed class EmulatorFaults
{
    private readonly Lock _gate = new();
    private readonly List<ActiveFault<EmulatorFault>> _counted = [];
    private readonly List<ActiveFault<EmulatorFault>> _shares = [];
    private readonly List<ActiveFault<EmulatorRenditionFault>> _renditions = [];

    /// <summary>The limits in the order in which they apply. Concurrency is last, so that only a call that passes all other limits occupies a slot.</summary>
    private readonly SortedDictionary<(EmulatorOperation Operation, int Order), CallLimit> _limits = [];

    private readonly TimeProvider _clock;
    private readonly WireSpelling _spelling;
    private long _tokenLifetimeTicks;

    internal EmulatorFaults(TimeProvider clock, WireSpelling spelling)
    {
        _clock = clock;
        _spelling = spelling;
    }

    internal event Action? TokensRevoked;

    /// <summary>Raised when faults are added, used up or ended.</summary>
    internal event Action? Changed;

    /// <summary>Faults of the event journals, apart from their HTTP responses.</summary>
    public EmulatorJournalFaults Journal { get; } = new();

    /// <summary>Faults of webhook deliveries.</summary>
    public EmulatorEventFaults Webhooks { get; } = new();

    /// <summary>The lifetime of tokens issued from now on. <see langword="null"/> (the default) uses the lifetime from the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or more than 36,500 days.</exception>
    public TimeSpan? TokenLifetime
    {
        get => Interlocked.Read(ref _tokenLifetimeTicks) is > 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;
        set
        {
            if (value is { } lifetime)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, AssetComputeEmulatorOptions.LongestLifetime);
            }

            Interlocked.Exchange(ref _tokenLifetimeTicks, value?.Ticks ?? 0);
        }
    }

    /// <summary>Makes the next calls of an operation fail.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="fault">What happens to those calls.</param>
    /// <param name="calls">The number of calls. Default: one.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Next(EmulatorOperation operation, EmulatorFault fault, int calls = 1)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Add(operation, fault with { Times = calls });
    }

    /// <summary>Makes a share of an operation's calls fail, chosen by a seeded random generator. The same seed fails the same calls.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="share">The share, from 0 (none) to 1 (all).</param>
    /// <param name="fault">What happens to those calls.</param>
    /// <param name="seed">The seed of the generator. Default: 0.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Share(EmulatorOperation operation, double share, EmulatorFault fault, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Add(operation, fault with { Share = share, Seed = seed });
    }

    /// <summary>Makes calls of an operation fail: by default the next one, or those that <see cref="PlannedFault"/> and the path select.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="fault">The calls, and what happens to them.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Add(EmulatorOperation operation, EmulatorFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        fault.Check();
        var isCounted = (fault.Nth ?? fault.Times) is not null || (fault.Share is null && (fault.From ?? fault.Until) is null);
        var planned = fault with { Operation = operation, Times = isCounted ? fault.Times ?? 1 : null, Share = isCounted ? null : fault.Share ?? 1 };
        Change(() => (isCounted ? _counted : _shares).Add(new(planned, _clock)));
    }

    /// <summary>Makes renditions with a given name fail, before anything is fetched or rendered.</summary>
    /// <param name="name">The rendition's <c>name</c>, or the last segments of its target's path. <c>*</c> matches any characters.</param>
    /// <param name="reason">The event's <c>errorReason</c>, such as <c>SourceCorrupt</c> or <c>RenditionTooLarge</c>. Any text is allowed.</param>
    /// <param name="message">The event's <c>errorMessage</c>. Default: a message that identifies a fault of the emulator.</param>
    /// <exception cref="ArgumentException">The name or the reason is empty.</exception>
    public void Rendition(string name, string reason, string? message = null) => Add(new EmulatorRenditionFault { Name = name, Reason = reason, Message = message });

    /// <summary>Makes all renditions of an asset fail, before anything is fetched or rendered.</summary>
    /// <param name="name">The source's <c>name</c>, or the last segments of its URL's path. <c>*</c> matches any characters.</param>
    /// <param name="reason">The event's <c>errorReason</c>, such as <c>SourceCorrupt</c> or <c>SourceUnsupported</c>. Any text is allowed.</param>
    /// <param name="message">The event's <c>errorMessage</c>. Default: a message that identifies a fault of the emulator.</param>
    /// <exception cref="ArgumentException">The name or the reason is empty.</exception>
    public void Asset(string name, string reason, string? message = null) => Add(new EmulatorRenditionFault { Asset = name, Reason = reason, Message = message });

    /// <summary>Makes renditions fail, before anything is fetched or rendered: all of them, or those that <see cref="PlannedFault"/> selects.</summary>
    /// <param name="fault">The renditions, and the content of their events.</param>
    /// <exception cref="ArgumentException">Neither a name nor an asset is given, the reason is empty, or a value is out of range.</exception>
    public void Add(EmulatorRenditionFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        fault.Check();
        Change(() => _renditions.Add(new(fault, _clock)));
    }

    /// <summary>Limits the rate of an operation with a token bucket. Calls over the limit get 429. Replaces any existing rate limit of the operation.</summary>
    /// <param name="operation">The operation; usually <see cref="EmulatorOperation.Process"/>.</param>
    /// <param name="perSecond">The sustained number of calls per second.</param>
    /// <param name="burst">The number of calls allowed at once.</param>
    /// <param name="retryAfter">The value of <c>Retry-After</c>. Default: the seconds until the next call is allowed, at least 1.</param>
    /// <param name="sendRetryAfter">Whether the 429 has the header <c>Retry-After</c>. Default: yes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="perSecond"/> or <paramref name="burst"/> is not positive.</exception>
    public void LimitRate(EmulatorOperation operation, double perSecond, int burst, TimeSpan? retryAfter = null, bool sendRetryAfter = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        Change(() => _limits[(operation, 0)] = new TokenBucket(perSecond, burst, _clock, retryAfter, sendRetryAfter));
    }

    /// <summary>Limits the calls of an operation per time window, starting with the first call. Calls over the limit get 429. Replaces any existing window limit.</summary>
    /// <param name="operation">The operation; usually <see cref="EmulatorOperation.Process"/>.</param>
    /// <param name="calls">The number of calls per window.</param>
    /// <param name="window">The length of a window.</param>
    /// <param name="retryAfter">The value of <c>Retry-After</c>. Default: the seconds until the next window, at least 1.</param>
    /// <param name="sendRetryAfter">Whether the 429 has the header <c>Retry-After</c>. Default: yes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is less than 1, or <paramref name="window"/> is not positive.</exception>
    public void LimitWindow(EmulatorOperation operation, int calls, TimeSpan window, TimeSpan? retryAfter = null, bool sendRetryAfter = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        Change(() => _limits[(operation, 1)] = new CallWindow(calls, window, _clock, retryAfter, sendRetryAfter));
    }

    /// <summary>Limits the concurrent calls of an operation. Calls over the limit get 429. Replaces any existing concurrency limit of the operation.</summary>
    /// <param name="operation">The operation; usually <see cref="EmulatorOperation.Process"/>.</param>
    /// <param name="calls">The number of concurrent calls.</param>
    /// <param name="retryAfter">The value of <c>Retry-After</c>. Default: 1 second.</param>
    /// <param name="sendRetryAfter">Whether the 429 has the header <c>Retry-After</c>. Default: yes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is less than 1.</exception>
    public void LimitConcurrency(EmulatorOperation operation, int calls, TimeSpan? retryAfter = null, bool sendRetryAfter = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        Change(() => _limits[(operation, 2)] = new CallsAtATime(calls, retryAfter, sendRetryAfter));
    }

    /// <summary>Revokes all access tokens issued so far. Calls with these tokens get 401.</summary>
    public void RevokeTokens() => TokensRevoked?.Invoke();

    /// <summary>Ends all faults, including those of journals and webhooks. Revoked tokens stay revoked.</summary>
    public void Clear() => Change(() =>
    {
        _counted.Clear();
        _shares.Clear();
        _renditions.Clear();
        _limits.Clear();
        TokenLifetime = null;
        Journal.Clear();
        Webhooks.Clear();
    });

    /// <summary>Gets the fault for a call that has arrived.</summary>
    /// <param name="operation">The operation of the call.</param>
    /// <param name="path">The decoded path of the call.</param>
    /// <param name="place">The slot that the call occupies while it is processed, for <see cref="CallsAtATime.Release"/>; null for none.</param>
    internal EmulatorFault? Take(EmulatorOperation operation, string path, out CallsAtATime? place)
    {
        CallsAtATime? taken = null;
        var fault = Take(() =>
        {
            if (ActiveFault<EmulatorFault>.Next(_counted, planned => planned.IsFor(operation, path)) is { } counted)
            {
                return counted;
            }

            // Every share draws a number for every call, so that one share or limit doesn't change which calls another share fails.
            var drawn = ActiveFault<EmulatorFault>.Next(_shares, planned => planned.IsFor(operation, path));
            foreach (var limit in _limits.Where(limit => limit.Key.Operation == operation).Select(limit => limit.Value))
            {
                if (limit.Take() is { } wait)
                {
                    return limit.Refusal(wait, _spelling);
                }

                taken = limit as CallsAtATime;
            }

            return drawn;
        });
        place = taken;
        return fault;
    }

    /// <summary>Gets the fault for a rendition that is about to be made.</summary>
    internal EmulatorRenditionFault? TakeRendition(IReadOnlyList<string> renditionNames, IReadOnlyList<string> assetNames) =>
        Take(() => ActiveFault<EmulatorRenditionFault>.Next(_renditions, planned => planned.IsFor(renditionNames, assetNames)));

    internal IReadOnlyList<string> Describe()
    {
        lock (_gate)
        {
            return
            [
                .. _counted.Concat(_shares).Select(active => $"{active.Fault.Subject}: {active} → {active.Fault.Title}"),
                .. _limits.Select(limit => $"{limit.Key.Operation}: {limit.Value.Description}, then 429"),
                .. _renditions.Select(active => $"{active.Fault.Subject}: {active} → {active.Fault.Title}"),
                .. TokenLifetime is { } lifetime ? [$"Token: lives {lifetime.TotalSeconds:0.###} s"] : Array.Empty<string>(),
                .. Journal.Describe().Select(fault => $"Journal: {fault}"),
                .. Webhooks.Describe().Select(fault => $"Webhooks: {fault}"),
            ];
        }
    }

    private TFault? Take<TFault>(Func<TFault?> take)
        where TFault : PlannedFault
    {
        TFault? fault;
        lock (_gate)
        {
            fault = take();
        }

        if (fault is not null)
        {
            Changed?.Invoke();
        }

        return fault;
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
        }

        Changed?.Invoke();
    }
}
