namespace AssetCompute.Emulator;

/// <summary>
/// What goes wrong, on demand. Faults of one operation are asked in this order: those for the next or the nth call, in the order they were
/// added; then its limits (rate, window, concurrency); then the shares, in the order they were added. Safe for use by many threads.
/// </summary>
public sealed class EmulatorFaults
{
    /// <summary>What timers take.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(49);

    private readonly Lock _gate = new();
    private readonly Dictionary<EmulatorOperation, OperationFaults> _operations = [];
    private readonly TimeProvider _clock;
    private readonly WireSpelling _spelling;
    private long _tokenLifetimeTicks;

    internal EmulatorFaults(TimeProvider clock, WireSpelling spelling)
    {
        _clock = clock;
        _spelling = spelling;
        Renditions = new(clock, () => Changed?.Invoke());
    }

    internal event Action? TokensRevoked;

    /// <summary>Raised when faults are added, used up or ended.</summary>
    internal event Action? Changed;

    internal RenditionFaults Renditions { get; }

    /// <summary>What goes wrong with the journal beyond its HTTP answers.</summary>
    public EmulatorJournalFaults Journal { get; } = new();

    /// <summary>What goes wrong with webhook deliveries on their way.</summary>
    public EmulatorWebhookFaults Webhooks { get; } = new();

    /// <summary>A lifetime for tokens issued from now on; <see langword="null"/> (the default) is what the options say.</summary>
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
    /// <param name="calls">How many calls. Default: one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is less than 1, or the fault's delay negative or more than 49 days.</exception>
    public void Next(EmulatorOperation operation, EmulatorFault fault, int calls = 1) => Nth(operation, 1, fault, calls);

    /// <summary>Makes the nth call of an operation fail, counted from now, independent of the calls before it.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="nth">Which call: 1 is the next one. Where the fault has a <see cref="EmulatorFault.Path"/>, calls of other paths do not count.</param>
    /// <param name="fault">What happens to the call.</param>
    /// <param name="calls">How many calls fail from that one on. Default: one.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="nth"/> or <paramref name="calls"/> is less than 1, or the fault's delay negative or more than 49 days.
    /// </exception>
    public void Nth(EmulatorOperation operation, int nth, EmulatorFault fault, int calls = 1)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        CheckDelay(fault);
        Change(operation, faults => faults.Counted.Add(new(fault, nth, calls)));
    }

    /// <summary>Makes renditions fail by their name, before anything is fetched or rendered.</summary>
    /// <param name="name">The rendition's <c>name</c>, or the last part of its target's path; <c>*</c> matches any characters.</param>
    /// <param name="reason">The event's <c>errorReason</c>, such as <c>SourceCorrupt</c> or <c>RenditionTooLarge</c>; any text, as the set is open.</param>
    /// <param name="message">The event's <c>errorMessage</c>. Default: one that says it is a fault of the emulator.</param>
    /// <param name="times">How many renditions of that name fail. Default: all, until <see cref="Clear"/>.</param>
    /// <param name="nth">The first one that fails, counted from now, or from when the span begins. Default: the next.</param>
    /// <param name="from">When the span of time begins in which they fail, counted from now by the emulator's clock. Default: now.</param>
    /// <param name="until">When that span ends, counted from now. Default: never.</param>
    /// <exception cref="ArgumentException">The name or the reason is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="times"/> or <paramref name="nth"/> is less than 1, <paramref name="from"/> is negative, or <paramref name="until"/> not after it.
    /// </exception>
    public void Rendition(string name, string reason, string? message = null, int? times = null, int nth = 1, TimeSpan? from = null, TimeSpan? until = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        Renditions.Add(name, null, reason, message, times, nth, from, until);
    }

    /// <summary>Makes all renditions of an asset fail, before anything is fetched or rendered.</summary>
    /// <param name="name">The source's <c>name</c>, or the last parts of its URL's path; <c>*</c> matches any characters.</param>
    /// <param name="reason">The event's <c>errorReason</c>, such as <c>SourceCorrupt</c> or <c>SourceUnsupported</c>; any text, as the set is open.</param>
    /// <param name="message">The event's <c>errorMessage</c>. Default: one that says it is a fault of the emulator.</param>
    /// <param name="times">How many renditions of the asset fail. Default: all, until <see cref="Clear"/>.</param>
    /// <param name="nth">The first one that fails, counted from now, or from when the span begins. Default: the next.</param>
    /// <param name="from">When the span of time begins in which they fail, counted from now by the emulator's clock. Default: now.</param>
    /// <param name="until">When that span ends, counted from now. Default: never.</param>
    /// <exception cref="ArgumentException">The name or the reason is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="times"/> or <paramref name="nth"/> is less than 1, <paramref name="from"/> is negative, or <paramref name="until"/> not after it.
    /// </exception>
    public void Asset(string name, string reason, string? message = null, int? times = null, int nth = 1, TimeSpan? from = null, TimeSpan? until = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        Renditions.Add(null, name, reason, message, times, nth, from, until);
    }

    /// <summary>Makes a share of an operation's calls fail, chosen by a seeded generator: the same seed fails the same calls.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="share">The share, from 0 (none) to 1 (all).</param>
    /// <param name="fault">What happens to those calls.</param>
    /// <param name="seed">The seed. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is not within 0 and 1, or the fault's delay negative or more than 49 days.</exception>
    public void Share(EmulatorOperation operation, double share, EmulatorFault fault, int seed = 0) =>
        During(operation, TimeSpan.Zero, TimeSpan.MaxValue, fault, share, seed);

    /// <summary>Makes the calls of a span of time fail, or a share of them. Both ends count from now, by the emulator's clock.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="from">When the span begins; <see cref="TimeSpan.Zero"/> is now.</param>
    /// <param name="until">When it ends; <see cref="TimeSpan.MaxValue"/> is never.</param>
    /// <param name="fault">What happens to those calls.</param>
    /// <param name="share">The share of the span's calls that fail, from 0 (none) to 1 (all). Default: all.</param>
    /// <param name="seed">Chooses the share: the same seed fails the same calls. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="from"/> is negative, <paramref name="until"/> not after it, <paramref name="share"/> not within 0 and 1, or the fault's delay negative or
    /// more than 49 days.
    /// </exception>
    public void During(EmulatorOperation operation, TimeSpan from, TimeSpan until, EmulatorFault fault, double share = 1, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var span = new FaultSpan(from, until, _clock);
        if (!(share is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is within 0 and 1.");
        }

        CheckDelay(fault);
        Change(operation, faults => faults.Shares.Add(new(share, fault, seed, span)));
    }

    /// <summary>Limits an operation's rate by a token bucket; a call beyond it is answered 429. It replaces the operation's former rate limit.</summary>
    /// <param name="operation">The operation; usually <see cref="EmulatorOperation.Process"/>.</param>
    /// <param name="perSecond">How many calls a second in the long run.</param>
    /// <param name="burst">How many calls at once.</param>
    /// <param name="retryAfter">What <c>Retry-After</c> says. Default: the seconds until the next call is possible, at least 1.</param>
    /// <param name="sendRetryAfter">Whether the 429 has the header <c>Retry-After</c>. Default: yes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate or burst that is not positive.</exception>
    public void LimitRate(EmulatorOperation operation, double perSecond, int burst, TimeSpan? retryAfter = null, bool sendRetryAfter = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        Change(operation, faults => faults.Set(new TokenBucket(perSecond, burst, _clock) { RetryAfter = retryAfter, SendsRetryAfter = sendRetryAfter }));
    }

    /// <summary>
    /// Limits an operation to so many calls in each span of time; a call beyond them is answered 429. The first span begins with the first call. It replaces the
    /// operation's former window.
    /// </summary>
    /// <param name="operation">The operation; usually <see cref="EmulatorOperation.Process"/>.</param>
    /// <param name="calls">How many calls in each span.</param>
    /// <param name="window">How long a span is.</param>
    /// <param name="retryAfter">What <c>Retry-After</c> says. Default: the seconds until the next span, at least 1.</param>
    /// <param name="sendRetryAfter">Whether the 429 has the header <c>Retry-After</c>. Default: yes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is less than 1, or <paramref name="window"/> not positive.</exception>
    public void LimitWindow(EmulatorOperation operation, int calls, TimeSpan window, TimeSpan? retryAfter = null, bool sendRetryAfter = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        Change(operation, faults => faults.Set(new CallWindow(calls, window, _clock) { RetryAfter = retryAfter, SendsRetryAfter = sendRetryAfter }));
    }

    /// <summary>
    /// Limits how many calls of an operation are worked on at a time; a call beyond them is answered 429. It replaces the operation's former limit of this kind.
    /// </summary>
    /// <param name="operation">The operation; usually <see cref="EmulatorOperation.Process"/>.</param>
    /// <param name="calls">How many calls at a time.</param>
    /// <param name="retryAfter">What <c>Retry-After</c> says. Default: 1 second.</param>
    /// <param name="sendRetryAfter">Whether the 429 has the header <c>Retry-After</c>. Default: yes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is less than 1.</exception>
    public void LimitConcurrency(EmulatorOperation operation, int calls, TimeSpan? retryAfter = null, bool sendRetryAfter = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        Change(operation, faults => faults.Set(new CallsAtATime(calls) { RetryAfter = retryAfter, SendsRetryAfter = sendRetryAfter }));
    }

    /// <summary>Revokes every access token issued so far: from now on they are answered 401.</summary>
    public void RevokeTokens() => TokensRevoked?.Invoke();

    /// <summary>Ends all faults, those of journals and webhooks too. Revoked tokens stay revoked.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _operations.Clear();
        }

        TokenLifetime = null;
        Renditions.Clear();
        Journal.Clear();
        Webhooks.Clear();
        Changed?.Invoke();
    }

    /// <summary>The fault of one call that has arrived.</summary>
    /// <param name="operation">What the call is for.</param>
    /// <param name="path">Its path, decoded.</param>
    /// <param name="place">What the call holds while it is worked on, for <see cref="CallsAtATime.Release"/>; null for nothing.</param>
    internal EmulatorFault? Take(EmulatorOperation operation, string path, out CallsAtATime? place)
    {
        EmulatorFault? fault;
        lock (_gate)
        {
            place = null;
            fault = _operations.GetValueOrDefault(operation)?.Take(path, _spelling, out place);
        }

        if (fault is not null)
        {
            Changed?.Invoke();
        }

        return fault;
    }

    internal IReadOnlyList<string> Describe()
    {
        lock (_gate)
        {
            return
            [
                .. _operations.Values.SelectMany(faults => faults.Describe()),
                .. Renditions.Describe(),
                .. TokenLifetime is { } lifetime ? [$"Token: lives {lifetime.TotalSeconds:0.###} s"] : Array.Empty<string>(),
                .. Journal.Describe(),
                .. Webhooks.Describe(),
            ];
        }
    }

    private static void CheckDelay(EmulatorFault fault)
    {
        if (fault.Delay < TimeSpan.Zero || fault.Delay > LongestDelay)
        {
            throw new ArgumentOutOfRangeException(nameof(fault), fault.Delay, $"A delay is within 0 and {LongestDelay.TotalDays:0} days.");
        }
    }

    private void Change(EmulatorOperation operation, Action<OperationFaults> change)
    {
        lock (_gate)
        {
            if (!_operations.TryGetValue(operation, out var faults))
            {
                _operations[operation] = faults = new(operation);
            }

            change(faults);
        }

        Changed?.Invoke();
    }
}
