using AssetCompute.Emulator;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>A limit of the service, the crowd that meets it, and what the client is to reach.</summary>
/// <param name="Shape">The limit and the crowd in words.</param>
/// <param name="Calls">How many calls each process makes.</param>
/// <param name="Callers">How many callers each process has.</param>
/// <param name="Limit">Sets the limit: how many seconds of <c>Retry-After</c> the refusals have, null for none.</param>
internal sealed record ThrottlingRow(string Shape, int Calls, int Callers, Action<EmulatorFaults, int?> Limit)
{
    /// <summary>How long a success takes.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The least time in which the service lets so many calls through, in seconds; 0 where it hangs on chance alone.</summary>
    public double Ideal { get; init; }

    /// <summary>Times the ideal, without and with <c>Retry-After</c>.</summary>
    public (double Without, double With)? MostOfIdeal { get; init; }

    /// <summary>The most seconds without <c>Retry-After</c>; with it, 1.3 times those of Adobe's client.</summary>
    public double? MostSeconds { get; init; }

    public double MostSent { get; init; } = 1.2;

    /// <summary>How many client processes meet the limit together.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>How often this client runs, of which the median counts: more than once where the figure hangs on chance.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>What happens to the limit while the crowd runs.</summary>
    public Func<EmulatorFaults, int?, CancellationToken, Task>? Meanwhile { get; init; }
}
