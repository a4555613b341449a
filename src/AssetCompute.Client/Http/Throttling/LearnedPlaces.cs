namespace AssetCompute.Client.Http.Throttling;

/// <summary>The number of calls that may be in flight, learned from refusals while all places are taken.</summary>
internal sealed class LearnedPlaces
{
    private const double First = 16;
    private const double FirstGrowth = 0.5;
    private const double CutTo = 0.9;

    private double _places = First;

    /// <summary>The maximum number of places.</summary>
    public int Most { get; set; } = int.MaxValue;

    /// <summary>The number of calls in flight.</summary>
    public int InFlight { get; private set; }

    public int Count => (int)Math.Min(_places, Most);

    public bool AreTaken => InFlight >= Count;

    /// <summary>True until the first reduction: the number of places grows quickly.</summary>
    public bool IsStarting { get; private set; } = true;

    public void Take() => InFlight++;

    public void Free() => InFlight--;

    /// <summary>Notes that a call succeeded while all places were taken.</summary>
    public void Grow() => _places = Math.Min(Most, _places + (IsStarting ? FirstGrowth : 1 / _places));

    /// <summary>Notes that a call was refused while all places were taken.</summary>
    public void Shrink() => _places = Math.Max(1, _places - 1);

    public void Cut() => _places = Math.Max(1, CutTo * _places);

    public void EndStart() => IsStarting = false;
}
