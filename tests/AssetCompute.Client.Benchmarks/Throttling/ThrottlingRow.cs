using AssetCompute.Emulator;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>A limit of the service, the crowd that calls it, and the client's targets.</summary>
/// <param name="Shape">A description of the limit and the crowd.</param>
/// <param name="Calls">Number of calls of each process.</param>
/// <param name="Callers">Number of callers in each process.</param>
/// <param name="Limit">Sets the limit. The second argument is the <c>Retry-After</c> of refusals in seconds, or null.</param>
internal sealed record ThrottlingRow(string Shape, int Calls, int Callers, Action<EmulatorFaults, int?> Limit)
{
    /// <summary>The duration of a successful call.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The minimum time in seconds in which the service accepts all calls; 0 if it is random.</summary>
    public double Ideal { get; init; }

    /// <summary>The maximum multiple of the ideal, without and with <c>Retry-After</c>.</summary>
    public (double Without, double With)? MostOfIdeal { get; init; }

    /// <summary>The maximum seconds without <c>Retry-After</c>. With it, the maximum is 1.3 times the time of Adobe's client.</summary>
    public double? MostSeconds { get; init; }

    public double MostSent { get; init; } = 1.2;

    /// <summary>Number of client processes that share the limit.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>Number of runs of this client, whose median counts. More than one if the figure is random.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Changes the limit while the crowd runs.</summary>
    public Func<EmulatorFaults, int?, CancellationToken, Task>? Meanwhile { get; init; }
}
