namespace AssetCompute.Emulator;

/// <summary>A time span of the emulator's clock, relative to the time when the fault is added.</summary>
internal sealed class FaultSpan
{
    private readonly TimeProvider _clock;
    private readonly TimeSpan _from;
    private readonly TimeSpan _until;
    private readonly long _added;

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/> is negative, or <paramref name="until"/> is not after it.</exception>
    public FaultSpan(TimeSpan? from, TimeSpan? until, TimeProvider clock)
    {
        (_from, _until, _clock, _added) = (from ?? TimeSpan.Zero, until ?? TimeSpan.MaxValue, clock, clock.GetTimestamp());
        ArgumentOutOfRangeException.ThrowIfLessThan(_from, TimeSpan.Zero, nameof(from));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_until, _from, nameof(until));
    }

    public bool IsNow => _clock.GetElapsedTime(_added) is var age && age >= _from && age < _until;

    public override string ToString() => (_from, _until) switch
    {
        ({ Ticks: 0 }, { Ticks: long.MaxValue }) => "",
        (_, { Ticks: long.MaxValue }) => $" from {_from.TotalSeconds:0.###} s on",
        _ => $" from {_from.TotalSeconds:0.###} s to {_until.TotalSeconds:0.###} s",
    };
}
