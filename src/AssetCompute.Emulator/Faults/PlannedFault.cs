using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>The part of a fault that says which of its calls or renditions fail: the next or nth ones, or a share, in a time span.</summary>
public abstract record PlannedFault
{
    /// <summary>The first call or rendition that fails, counted from now or from the start of the time span. 1 is the next one. Default: 1.</summary>
    public int? Nth { get; init; }

    /// <summary>The number of calls or renditions that fail. Default: one call, or all in the time span; all renditions, until <see cref="EmulatorFaults.Clear"/>.</summary>
    [JsonPropertyName("next")]
    public int? Times { get; init; }

    /// <summary>The share that fails, from 0 (none) to 1 (all). It excludes <see cref="Nth"/> and <see cref="Times"/>. Default: none; they are counted.</summary>
    public double? Share { get; init; }

    /// <summary>The seed of the random generator that chooses the share. The same seed fails the same calls. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>The start of the time span in which the fault applies and counts, relative to now, by the emulator's clock. Default: now.</summary>
    [JsonPropertyName("fromSeconds"), JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? From { get; init; }

    /// <summary>The end of the time span, relative to now. Default: never.</summary>
    [JsonPropertyName("untilSeconds"), JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Until { get; init; }

    /// <summary>The calls or renditions that the fault applies to, for lists of faults.</summary>
    internal abstract string Subject { get; }

    internal abstract string Title { get; }

    internal virtual void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Nth ?? 1, 1, "nth");
        ArgumentOutOfRangeException.ThrowIfLessThan(Times ?? 1, 1, "times");
        ArgumentOutOfRangeException.ThrowIfLessThan(From ?? TimeSpan.Zero, TimeSpan.Zero, "from");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Until ?? TimeSpan.MaxValue, From ?? TimeSpan.Zero, "until");
        if (Share is not (null or >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException("share", Share, "A share is within 0 and 1.");
        }

        if (Share is not null && (Nth ?? Times) is not null)
        {
            throw new ArgumentException("A fault is for the next or the nth call, or for a share, not for both.", "share");
        }
    }
}
