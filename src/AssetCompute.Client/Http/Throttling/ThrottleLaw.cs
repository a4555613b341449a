namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// Decides when the next call may be sent. It learns a rate and a number of places from the share of calls that the service refuses (429), and pauses after
/// consecutive refusals. It has no threads or timers, and is used under a lock. Times are seconds on the throttle's clock.
/// </summary>
/// <remarks>docs/throttle.md describes it.</remarks>
internal sealed class ThrottleLaw
{
    private const double FirstPlaces = 16;
    private const double FirstGrowth = 0.5;
    private const double CutPlacesTo = 0.9;

    private const int ShortestRow = 8;
    private const double RowShareOfPlaces = 0.15;
    private const double FirstPause = 0.25;
    private const double LongestPause = 2;

    // A probe that hangs must not block all callers until its timeout.
    private const double LongestProbe = 5;

    // Several processes that are refused at the same time must not retry at the same time.
    private const double MostExtra = 0.1;

    private readonly Func<double> _random;
    private readonly RefusalShare _share = new();
    private LearnedRate _rate = new();

    private bool _learns;
    private int _mostPlaces;
    private double _maxRetryAfter;
    private bool _useJitter;

    // The number of calls that may be in flight, which grows quickly until its first reduction.
    private double _places = FirstPlaces;
    private bool _isStarting = true;

    // Calls that were sent before the last reduction are not evidence for the limits after it.
    private int _epoch;
    private int _refusedInRow;

    // While shut: the time until which no call is sent, and then one probe at a time, until it ends or hangs.
    private double _shutUntil;
    private bool _isShut;
    private double _probeUntil;
    private int _pauses;

    public ThrottleLaw(AssetComputeThrottlingOptions throttling, AssetComputeRetryOptions retry, Func<double> random)
    {
        _random = random;
        Apply(throttling, retry);
    }

    /// <summary>The number of calls per second that may be sent now; null while no limit is known.</summary>
    public double? Rate => _rate.IsKnown ? _rate.Current : null;

    /// <summary>The number of calls that may be in flight.</summary>
    public int Places => _learns ? LearnedPlaces : _mostPlaces;

    /// <summary>The number of calls in flight.</summary>
    public int InFlight { get; private set; }

    private int LearnedPlaces => (int)Math.Min(_places, _mostPlaces);

    /// <summary>Applies options, also while calls are in flight. The learned limits are kept, unless learning is turned off.</summary>
    public void Apply(AssetComputeThrottlingOptions throttling, AssetComputeRetryOptions retry)
    {
        _learns = throttling.Enabled;
        _mostPlaces = throttling.MaxConcurrentRequests ?? int.MaxValue;
        _maxRetryAfter = retry.MaxRetryAfter.TotalSeconds;
        _useJitter = retry.UseJitter;
        if (!_learns)
        {
            _rate = new LearnedRate();
            _share.Reset();
            _isShut = false;
            _shutUntil = 0;
            _pauses = 0;
        }
    }

    /// <summary>Allows a call to be sent now, or returns when to ask again.</summary>
    /// <param name="now">The time.</param>
    /// <param name="othersWait">Whether further callers wait.</param>
    /// <param name="epoch">The epoch to report the outcome with.</param>
    /// <param name="askAgainAt">When to ask again; null to ask after an outcome.</param>
    public bool TryLeave(double now, bool othersWait, out int epoch, out double? askAgainAt)
    {
        epoch = _epoch;
        double next = Math.Max(_rate.Next, Math.Max(_shutUntil, _isShut ? _probeUntil : 0));
        bool hasPlace = InFlight < Places;
        askAgainAt = hasPlace && now < next ? next : null;
        if (!hasPlace || now < next)
        {
            return false;
        }

        InFlight++;
        _probeUntil = now + LongestProbe;
        if (_rate.Leave(now, othersWait && !_isShut))
        {
            _share.MeasureNoise();
        }

        return true;
    }

    /// <summary>Counts one more request of a call that was already sent.</summary>
    public void SentAgain(double now) => _rate.Charge(now);

    public void Succeeded(double now, int epoch)
    {
        bool wereTaken = Free();
        _rate.Succeeded(now);
        _refusedInRow = 0;
        if (epoch == _epoch)
        {
            Count(isRefused: false);
            if (_isShut)
            {
                _isShut = false;
                _pauses = 0;
                _rate.Resume(now);
            }
        }

        if (wereTaken && !_isShut)
        {
            _places = Math.Min(_mostPlaces, _places + (_isStarting ? FirstGrowth : 1 / _places));
        }
    }

    /// <summary>Notes that the call failed for a reason that is not related to a limit.</summary>
    public void Failed(int epoch)
    {
        Free();
        if (epoch == _epoch)
        {
            _probeUntil = 0;
        }
    }

    /// <summary>Notes that the call was refused.</summary>
    /// <returns>The number of seconds in which no call is sent; 0 if only the limits were reduced; null if nothing was learned.</returns>
    public double? Refused(double now, int epoch, TimeSpan? retryAfter)
    {
        bool wereTaken = Free();
        double asked = Math.Min(retryAfter?.TotalSeconds ?? 0, _maxRetryAfter);
        if (epoch != _epoch && now < _shutUntil)
        {
            PauseFor(now, asked);
        }

        if (epoch != _epoch || !_learns)
        {
            return null;
        }

        Count(isRefused: true);
        _refusedInRow++;
        if (wereTaken && (_isStarting || _share.IsRising))
        {
            _places = Math.Max(1, _places - 1);
        }

        if (_isShut || _refusedInRow >= Math.Max(ShortestRow, RowShareOfPlaces * LearnedPlaces))
        {
            return Shut(now, asked);
        }

        if (!_share.IsTooHigh)
        {
            return null;
        }

        Cut(now, wereTaken);
        return 0;
    }

    /// <summary>Frees the place of a call.</summary>
    /// <returns>Whether all places were taken: only then an outcome is evidence for their number.</returns>
    private bool Free() => InFlight-- >= LearnedPlaces;

    private double Shut(double now, double asked)
    {
        if (!_isShut)
        {
            Cut(now, cutsPlaces: false);
        }

        _isShut = true;
        _probeUntil = 0;
        _epoch++;
        _refusedInRow = 0;
        double pause = Math.Min(LongestPause, FirstPause * Math.Pow(2, Math.Min(_pauses++, 30))) * (0.5 + (Chance() / 2));
        if (asked > 0)
        {
            pause = Math.Max(pause, asked * (1 + (MostExtra * (1 - Chance()))));
        }

        PauseFor(now, pause);
        return pause;
    }

    private void Cut(double now, bool cutsPlaces)
    {
        if (cutsPlaces)
        {
            _places = Math.Max(1, CutPlacesTo * _places);
        }
        else if (!_rate.IsKnown || _share.Succeeded > 0)
        {
            // If no call has succeeded since the last reduction, it is an outage, which is not evidence for the rate.
            _rate.Cut(now);
        }

        _isStarting = false;
        _share.Reset();
        _epoch++;
    }

    private void PauseFor(double now, double seconds)
    {
        _shutUntil = Math.Max(_shutUntil, now + seconds);
        _rate.Pause(now, _shutUntil);
    }

    private void Count(bool isRefused)
    {
        _share.Add(isRefused);
        if (!_rate.IsKnown && !_isStarting && _share.IsFirstMeasured)
        {
            // Only the number of places was reduced, so there is no drop of the rate during which the noise could be measured.
            _share.MeasureNoise();
        }
    }

    private double Chance() => _useJitter ? _random() : 1;
}
