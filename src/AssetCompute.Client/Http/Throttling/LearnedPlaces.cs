namespace AssetCompute.Client.Http.Throttling;

/// <summary>How many calls may be under way at a time, learned from refusals while all places are taken.</summary>
internal sealed class LearnedPlaces
{
    private const double First = 16;
    private const double FirstGrowth = 0.5;
    private const double CutTo = 0.9;

    private double _places = First;

    /// <summary>The most places that there may be.</summary>
    public int Most { get; set; } = int.MaxValue;

    /// <summary>Calls under way.</summary>
    public int InFlight { get; private set; }

    public int Count => (int)Math.Min(_places, Most);

    public bool AreTaken => InFlight >= Count;

    /// <summary>True until the first cut: the number of places grows quickly.</summary>
    public bool IsStarting { get; private set; } = true;

    public void Take() => InFlight++;

    public void Free() => InFlight--;

    /// <summary>A call succeeded while all places were taken.</summary>
    public void Grow() => _places = Math.Min(Most, _places + (IsStarting ? FirstGrowth : 1 / _places));

    /// <summary>A call was refused while all places were taken.</summary>
    public void Shrink() => _places = Math.Max(1, _places - 1);

    public void Cut() => _places = Math.Max(1, CutTo * _places);

    public void EndStart() => IsStarting = false;
}
