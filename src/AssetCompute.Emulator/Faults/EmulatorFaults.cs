namespace AssetCompute.Emulator;

/// <summary>
/// Injects faults on demand. For each operation, faults are evaluated in this order: faults for the next or nth call, in the order in which they were
/// added; limits (rate, window, concurrency); shares, in the order in which they were added. Thread-safe.
/// </summary>
public sealed class EmulatorFaults
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EmulatorOperation, OperationFaults> _operations = [];
    private readonly List<CountedFault<RenditionFault>> _renditions = [];
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
    public EmulatorWebhookFaults Webhooks { get; } = new();

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
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is less than 1, or the fault's delay is negative or more than 49 days.</exception>
    public void Next(EmulatorOperation operation, EmulatorFault fault, int calls = 1) => Nth(operation, 1, fault, calls);

    /// <summary>Makes the nth call of an operation fail, counted from now. The result of the calls before it doesn't matter.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="nth">The call that fails: 1 is the next one. If the fault has a <see cref="EmulatorFault.Path"/>, calls with other paths aren't counted.</param>
    /// <param name="fault">What happens to the call.</param>
    /// <param name="calls">The number of calls that fail, starting with that one. Default: one.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="nth"/> or <paramref name="calls"/> is less than 1, or the fault's delay is negative or more than 49 days.
    /// </exception>
    public void Nth(EmulatorOperation operation, int nth, EmulatorFault fault, int calls = 1)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        fault.CheckDelay();
        Change(operation, faults => faults.Counted.Add(new(fault, nth, calls)));
    }

    /// <summary>Makes renditions with a given name fail, before anything is fetched or rendered.</summary>
    /// <param name="name">The rendition's <c>name</c>, or the last segment of its target's path. <c>*</c> matches any characters.</param>
    /// <param name="reason">The event's <c>errorReason</c>, such as <c>SourceCorrupt</c> or <c>RenditionTooLarge</c>. Any text is allowed.</param>
    /// <param name="message">The event's <c>errorMessage</c>. Default: a message that identifies a fault of the emulator.</param>
    /// <param name="times">The number of renditions with that name that fail. Default: all, until <see cref="Clear"/>.</param>
    /// <param name="nth">The first rendition that fails, counted from now or from the start of the time span. Default: the next.</param>
    /// <param name="from">The start of the time span in which renditions fail, relative to now, by the emulator's clock. Default: now.</param>
    /// <param name="until">The end of the time span, relative to now. Default: never.</param>
    /// <exception cref="ArgumentException">The name or the reason is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="times"/> or <paramref name="nth"/> is less than 1, <paramref name="from"/> is negative, or <paramref name="until"/> is not later than it.
    /// </exception>
    public void Rendition(string name, string reason, string? message = null, int? times = null, int nth = 1, TimeSpan? from = null, TimeSpan? until = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        AddRendition(name, null, reason, message, times, nth, from, until);
    }

    /// <summary>Makes all renditions of an asset fail, before anything is fetched or rendered.</summary>
    /// <param name="name">The source's <c>name</c>, or the last segments of its URL's path. <c>*</c> matches any characters.</param>
    /// <param name="reason">The event's <c>errorReason</c>, such as <c>SourceCorrupt</c> or <c>SourceUnsupported</c>. Any text is allowed.</param>
    /// <param name="message">The event's <c>errorMessage</c>. Default: a message that identifies a fault of the emulator.</param>
    /// <param name="times">The number of renditions of the asset that fail. Default: all, until <see cref="Clear"/>.</param>
    /// <param name="nth">The first rendition that fails, counted from now or from the start of the time span. Default: the next.</param>
    /// <param name="from">The start of the time span in which renditions fail, relative to now, by the emulator's clock. Default: now.</param>
    /// <param name="until">The end of the time span, relative to now. Default: never.</param>
    /// <exception cref="ArgumentException">The name or the reason is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="times"/> or <paramref name="nth"/> is less than 1, <paramref name="from"/> is negative, or <paramref name="until"/> is not later than it.
    /// </exception>
    public void Asset(string name, string reason, string? message = null, int? times = null, int nth = 1, TimeSpan? from = null, TimeSpan? until = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        AddRendition(null, name, reason, message, times, nth, from, until);
    }

    /// <summary>Makes a share of an operation's calls fail, chosen by a seeded random generator. The same seed fails the same calls.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="share">The share, from 0 (none) to 1 (all).</param>
    /// <param name="fault">What happens to those calls.</param>
    /// <param name="seed">The seed of the generator. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is not from 0 to 1, or the fault's delay is negative or over 49 days.</exception>
    public void Share(EmulatorOperation operation, double share, EmulatorFault fault, int seed = 0) =>
        During(operation, TimeSpan.Zero, TimeSpan.MaxValue, fault, share, seed);

    /// <summary>Makes all calls within a time span fail, or a share of them. The start and the end are relative to now, by the emulator's clock.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="from">The start of the time span. <see cref="TimeSpan.Zero"/> is now.</param>
    /// <param name="until">The end of the time span. <see cref="TimeSpan.MaxValue"/> is never.</param>
    /// <param name="fault">What happens to those calls.</param>
    /// <param name="share">The share of calls in the time span that fail, from 0 (none) to 1 (all). Default: all.</param>
    /// <param name="seed">The seed that chooses the calls. The same seed fails the same calls. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="from"/> is negative, <paramref name="until"/> is not later than it, <paramref name="share"/> is not between 0 and 1, or the fault's
    /// delay is negative or more than 49 days.
    /// </exception>
    public void During(EmulatorOperation operation, TimeSpan from, TimeSpan until, EmulatorFault fault, double share = 1, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var span = new FaultSpan(from, until, _clock);
        if (!(share is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is within 0 and 1.");
        }

        fault.CheckDelay();
        Change(operation, faults => faults.Shares.Add(new(share, fault, seed, span)));
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
        Change(operation, faults => faults.Rate = new(perSecond, burst, _clock) { RetryAfter = retryAfter, SendsRetryAfter = sendRetryAfter });
    }

    /// <summary>
    /// Limits the number of an operation's calls per time window. Calls over the limit get 429. The first window starts with the first call. Replaces any
    /// existing window limit of the operation.
    /// </summary>
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
        Change(operation, faults => faults.Window = new(calls, window, _clock) { RetryAfter = retryAfter, SendsRetryAfter = sendRetryAfter });
    }

    /// <summary>
    /// Limits the number of concurrent calls of an operation. Calls over the limit get 429. Replaces any existing concurrency limit of the operation.
    /// </summary>
    /// <param name="operation">The operation; usually <see cref="EmulatorOperation.Process"/>.</param>
    /// <param name="calls">The number of concurrent calls.</param>
    /// <param name="retryAfter">The value of <c>Retry-After</c>. Default: 1 second.</param>
    /// <param name="sendRetryAfter">Whether the 429 has the header <c>Retry-After</c>. Default: yes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is less than 1.</exception>
    public void LimitConcurrency(EmulatorOperation operation, int calls, TimeSpan? retryAfter = null, bool sendRetryAfter = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        Change(operation, faults => faults.Concurrency = new(calls) { RetryAfter = retryAfter, SendsRetryAfter = sendRetryAfter });
    }

    /// <summary>Revokes all access tokens issued so far. Calls with these tokens get 401.</summary>
    public void RevokeTokens() => TokensRevoked?.Invoke();

    /// <summary>Ends all faults, including those of journals and webhooks. Revoked tokens stay revoked.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _operations.Clear();
            _renditions.Clear();
        }

        TokenLifetime = null;
        Journal.Clear();
        Webhooks.Clear();
        Changed?.Invoke();
    }

    /// <summary>Gets the fault for a call that has arrived.</summary>
    /// <param name="operation">The operation of the call.</param>
    /// <param name="path">The decoded path of the call.</param>
    /// <param name="place">The slot that the call occupies while it is processed, for <see cref="CallsAtATime.Release"/>; null for none.</param>
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

    /// <summary>Makes renditions fail that match the name, the asset, or both.</summary>
    /// <exception cref="ArgumentException">Neither a name nor an asset is given, the reason is empty, or a number or a time span is out of range.</exception>
    internal void AddRendition(string? name, string? asset, string reason, string? message, int? times, int nth, TimeSpan? from, TimeSpan? until)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(times ?? 1, 1, nameof(times));
        if (name is null or "" && asset is null or "")
        {
            throw new ArgumentException("A rendition fails by its name or by its asset's.", nameof(name));
        }

        var fault = new RenditionFault(name, asset, reason, message ?? $"The emulator was told to fail this rendition with {reason}.", new(from, until, _clock));
        lock (_gate)
        {
            _renditions.Add(new(fault, nth, times));
        }

        Changed?.Invoke();
    }

    /// <summary>Gets the fault for a rendition that is about to be made.</summary>
    internal RenditionFault? TakeRendition(IReadOnlyList<string> renditionNames, IReadOnlyList<string> assetNames)
    {
        RenditionFault? fault;
        lock (_gate)
        {
            fault = CountedFault<RenditionFault>.Next(_renditions, planned => planned.IsFor(renditionNames, assetNames));
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
                .. _renditions.Select(planned => $"{planned.Fault}: {planned}{planned.Fault.Span} → {planned.Fault.Reason}"),
                .. TokenLifetime is { } lifetime ? [$"Token: lives {lifetime.TotalSeconds:0.###} s"] : Array.Empty<string>(),
                .. Journal.Describe(),
                .. Webhooks.Describe(),
            ];
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
