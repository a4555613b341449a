namespace AssetCompute.Emulator;

/// <summary>The renditions that fail, by their name or the name of their asset. Thread-safe.</summary>
internal sealed class RenditionFaults(TimeProvider clock, Action changed)
{
    private readonly Lock _gate = new();
    private readonly List<CountedFault<RenditionFault>> _all = [];

    /// <summary>Makes renditions fail that match the name, the asset, or both.</summary>
    /// <exception cref="ArgumentException">Neither a name nor an asset is given, the reason is empty, or a number or a time span is out of range.</exception>
    public void Add(string? name, string? asset, string reason, string? message, int? times, int nth, TimeSpan? from, TimeSpan? until)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(times ?? 1, 1, nameof(times));
        if (name is null or "" && asset is null or "")
        {
            throw new ArgumentException("A rendition fails by its name or by its asset's.", nameof(name));
        }

        var fault = new RenditionFault(name, asset, reason, message ?? $"The emulator was told to fail this rendition with {reason}.", new(from, until, clock));
        lock (_gate)
        {
            _all.Add(new(fault, nth, times));
        }

        changed();
    }

    /// <summary>Gets the fault for a rendition that is about to be made.</summary>
    public RenditionFault? Take(IReadOnlyList<string> renditionNames, IReadOnlyList<string> assetNames)
    {
        RenditionFault? fault;
        lock (_gate)
        {
            fault = CountedFault<RenditionFault>.Next(_all, planned => planned.IsFor(renditionNames, assetNames));
        }

        if (fault is not null)
        {
            changed();
        }

        return fault;
    }

    public void Clear()
    {
        lock (_gate)
        {
            _all.Clear();
        }
    }

    public IReadOnlyList<string> Describe()
    {
        lock (_gate)
        {
            return [.. _all.Select(planned => $"{planned.Fault}: {planned}{planned.Fault.Span} → {planned.Fault.Reason}")];
        }
    }
}
