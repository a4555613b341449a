namespace AssetCompute.Client.Http.Throttling;

/// <summary>Measures the share of refused calls, and whether it exceeds the noise of a service that refuses some calls at any rate.</summary>
internal sealed class RefusalShare
{
    private const int Calls = 32;
    private const int FewestCallsForNoise = 16;
    private const double MostNoise = 0.22;
    private const double Excess = 0.15;

    private double _share;
    private double _noise = MostNoise;
    private int _refused;

    /// <summary>Successes since the last cut.</summary>
    public int Succeeded { get; private set; }

    /// <summary>Whether more calls are refused than the noise explains: the client is above a limit.</summary>
    public bool IsTooHigh => _share > _noise + Excess;

    /// <summary>Whether a third of the excess is reached.</summary>
    public bool IsRising => _share > _noise + (Excess / 3);

    /// <summary>Whether enough outcomes are known to measure the share of refusals.</summary>
    public bool IsFirstMeasured => Succeeded + _refused == Calls;

    public void Add(bool isRefused)
    {
        _refused += isRefused ? 1 : 0;
        Succeeded += isRefused ? 0 : 1;
        _share += ((isRefused ? 1 : 0) - _share) / Calls;
    }

    /// <summary>Counts the refusals since the last reduction as noise: the client was slow enough that no limit explains them.</summary>
    public void MeasureNoise()
    {
        _noise = Math.Min(MostNoise, _refused / (double)Math.Max(FewestCallsForNoise, Succeeded + _refused));
        _share = Math.Min(_share, _noise);
    }

    /// <summary>Resets the counts after a reduction.</summary>
    public void Reset()
    {
        _share = 0;
        _noise = MostNoise;
        Succeeded = 0;
        _refused = 0;
    }
}
