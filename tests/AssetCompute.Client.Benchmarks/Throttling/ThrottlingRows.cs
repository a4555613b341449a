using AssetCompute.Emulator;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>The measured limits.</summary>
internal static class ThrottlingRows
{
    private const EmulatorOperation Process = EmulatorOperation.Process;

    public static ThrottlingRow NoLimit { get; } = new("no limit, 5,000 by 32", 5000, 32, (_, _) => { }) { MostSent = 1, Runs = 5 };

    public static IReadOnlyList<ThrottlingRow> Limits { get; } =
    [
        Rate(50, 1000, 200),
        Rate(200, 4000, 200),
        Random(0.05, mostSeconds: 3, mostSent: 1.1),
        Random(0.2, mostSeconds: 10, mostSent: 1.4),
        new("100 at a time, 200 ms each, 2,000 by 300", 2000, 300, (faults, seconds) => faults.LimitConcurrency(Process, 100, After(seconds), seconds is not null))
        {
            Latency = TimeSpan.FromMilliseconds(200),
            Ideal = 4,
            MostOfIdeal = (1.5, 1.7),
            Runs = 5,
        },
        new("200 in each 10 s, 800 by 64", 800, 64, (faults, seconds) => faults.LimitWindow(Process, 200, TimeSpan.FromSeconds(10), retryAfter: null, seconds is not null))
        {
            Ideal = 30,
            MostOfIdeal = (1.2, 1.2),
        },
        new("all refused from 1.6 to 6.6 s, 5,000 by 32", 5000, 32, (faults, seconds) =>
            faults.Add(Process, EmulatorFault.Answer(429, After(seconds)) with { From = TimeSpan.FromSeconds(1.6), Until = TimeSpan.FromSeconds(6.6) }))
        {
            Ideal = (5000 * 0.02 / 32) + 5,
            MostOfIdeal = (1.4, 1.4),
            MostSent = 1.1,
            Runs = 5,
        },
        new("200/s falls to 20/s from 5 to 15 s, 4,000 by 200", 4000, 200, (faults, seconds) => LimitRate(faults, 200, seconds))
        {
            // The bucket holds one second's worth of calls at the start, when the limit drops, and when it recovers.
            Ideal = 15 + ((4000 - 200 - (5 * 200) - 20 - (10 * 20) - 200) / 200.0),
            MostOfIdeal = (1.3, 1.3),
            Meanwhile = async (faults, seconds, cancellationToken) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
                LimitRate(faults, 20, seconds);
                await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
                LimitRate(faults, 200, seconds);
            },
        },
        new("two processes under 50/s, 2,500 by 100 each", 2500, 100, (faults, seconds) => LimitRate(faults, 50, seconds))
        {
            Processes = 2,
            Ideal = (5000 - 50) / 50.0,
            MostOfIdeal = (1.3, 1.3),
            MostSent = 1.35,
        },
    ];

    /// <summary>Equal shares of each kind of fault, in total 30% of the calls. The faults include <c>Retry-After</c>.</summary>
    public static ThrottlingRow MixedFaults { get; } = new("30 % mixed faults, 300 by 16", 300, 16, (faults, _) =>
    {
        EmulatorFault[] kinds =
        [
            EmulatorFault.Answer(500, body: """{"message":"broken"}"""),
            EmulatorFault.Answer(502),
            EmulatorFault.Answer(503, TimeSpan.FromSeconds(1)),
            EmulatorFault.Answer(503, body: "<html><body>Service Unavailable</body></html>") with { ContentType = "text/html" },
            EmulatorFault.Reset(),
            EmulatorFault.Answer(429, TimeSpan.FromSeconds(1)),
            EmulatorFault.Answer(429, TimeSpan.FromSeconds(2)) with { RetryAfterAsDate = true },
        ];
        double each = 1 - Math.Pow(1 - 0.3, 1.0 / kinds.Length);
        for (int kind = 0; kind < kinds.Length; kind++)
        {
            faults.Share(Process, each, kinds[kind], seed: kind + 1);
        }
    })
    {
        MostSeconds = 30,
        MostSent = double.PositiveInfinity,
    };

    private static ThrottlingRow Rate(double perSecond, int calls, int callers) =>
        new(FormattableString.Invariant($"{perSecond}/s, {calls:N0} by {callers}"), calls, callers, (faults, seconds) => LimitRate(faults, perSecond, seconds))
        {
            Ideal = (calls - perSecond) / perSecond,
            MostOfIdeal = (1.2, 1.2),
        };

    private static ThrottlingRow Random(double share, double mostSeconds, double mostSent) =>
        new(FormattableString.Invariant($"{100 * share:0} % refused at random, 1,000 by 16"), 1000, 16, (faults, seconds) =>
            faults.Share(Process, share, EmulatorFault.Answer(429, After(seconds)), seed: Environment.TickCount))
        {
            Ideal = 1000 * 0.02 / 16,
            MostSeconds = mostSeconds,
            MostSent = mostSent,
            Runs = 5,
        };

    /// <summary>A token bucket that holds one second's worth of calls.</summary>
    private static void LimitRate(EmulatorFaults faults, double perSecond, int? seconds) =>
        faults.LimitRate(Process, perSecond, (int)perSecond, After(seconds), seconds is not null);

    private static TimeSpan? After(int? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
}
