namespace AssetCompute.Client.Tests.Http.Throttling;

/// <summary>
/// The performance of the throttle with limits of each kind, in simulated time. <c>tests/bench.sh --throttling</c> measures the same over sockets.
/// </summary>
public class ThrottleShapesTests
{
    private static readonly int[] s_seeds = [1, 2, 3, 4, 5];

    [Fact]
    public Task No_limit_costs_nothing() =>
        RunAsync(() => new RandomRefusals(0), 5000, 32, ideal: 5000 * 0.0211 / 32, mostOfIdeal: 1.1, mostSent: 1);

    [Theory]
    [InlineData(50, 1000, null)]
    [InlineData(50, 1000, 1)]
    [InlineData(200, 4000, null)]
    [InlineData(200, 4000, 1)]
    public Task Rate(int perSecond, int calls, int? retryAfter) =>
        RunAsync(() => new RateLimit(_ => perSecond) { RetryAfter = retryAfter }, calls, 200, ideal: (calls - perSecond) / (double)perSecond, mostOfIdeal: 1.2, mostSent: 1.2);

    [Theory]
    [InlineData(0.05, null, 3, 1.1)]
    [InlineData(0.05, 1, 9, 1.1)]
    [InlineData(0.2, null, 10, 1.4)]
    [InlineData(0.2, 1, 26, 1.4)]
    public Task Refused_at_random(double share, int? retryAfter, double mostSeconds, double mostSent) =>
        RunAsync(() => new RandomRefusals(share) { RetryAfter = retryAfter }, 1000, 16, ideal: 1, mostOfIdeal: mostSeconds, mostSent);

    [Theory]
    [InlineData(null, 1.5)]
    [InlineData(1, 1.7)]
    public Task Calls_at_a_time(int? retryAfter, double mostOfIdeal) =>
        RunAsync(() => new ConcurrencyLimit(100) { Duration = 0.2, RetryAfter = retryAfter }, 2000, 300, ideal: 4, mostOfIdeal, mostSent: 1.2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Window(bool sendsRetryAfter) =>
        RunAsync(() => new WindowLimit(200, 10, sendsRetryAfter), 800, 64, ideal: 30, mostOfIdeal: 1.2, mostSent: 1.2);

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public Task Everything_refused_for_a_while(int? retryAfter) =>
        RunAsync(() => new Outage(1.6, 6.6) { RetryAfter = retryAfter }, 5000, 32, ideal: (5000 * 0.021 / 32) + 5, mostOfIdeal: 1.4, mostSent: 1.1);

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public Task Rate_that_falls_to_a_tenth_and_comes_back(int? retryAfter) =>
        RunAsync(() => new RateLimit(now => now is >= 5 and < 15 ? 20 : 200) { RetryAfter = retryAfter }, 4000, 200, ideal: 28, mostOfIdeal: 1.3, mostSent: 1.2);

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public Task Two_processes_share_one_limit(int? retryAfter) =>
        RunAsync(() => new RateLimit(_ => 50) { RetryAfter = retryAfter }, 500, 100, ideal: 19, mostOfIdeal: 1.3, mostSent: 1.35, accounts: 2);

    [Fact]
    public Task Mixed_faults() => RunAsync(() => new MixedFaults(0.3), 300, 16, ideal: 1, mostOfIdeal: 30, mostSent: 1.6);

    [Fact]
    public async Task Same_seed_gives_the_same_run()
    {
        List<(double, double)> runs = [];
        for (int run = 0; run < 2; run++)
        {
            using ThrottleSimulation simulation = new(new RandomRefusals(0.2), calls: 300, callers: 50, seed: 3);
            await simulation.RunAsync(TestContext.Current.CancellationToken);
            runs.Add((simulation.Elapsed, simulation.SentPerSuccess));
        }

        Assert.Equal(runs[0], runs[1]);
    }

    private static async Task RunAsync(Func<SimulatedService> newService, int calls, int callers, double ideal, double mostOfIdeal, double mostSent, int accounts = 1)
    {
        foreach (int seed in s_seeds)
        {
            using ThrottleSimulation simulation = new(newService(), calls, callers, seed, accounts);
            await simulation.RunAsync(TestContext.Current.CancellationToken);

            string run = FormattableString.Invariant(
                $"seed {seed}: {simulation.Elapsed:0.00} s, {simulation.Elapsed / ideal:0.00} × ideal, {simulation.SentPerSuccess:0.000} sent per success, least share {simulation.LeastShare:0.00}");
            TestContext.Current.TestOutputHelper?.WriteLine(run);
            Assert.True(simulation.Elapsed <= ideal * mostOfIdeal, run);
            Assert.True(simulation.SentPerSuccess <= mostSent, run);
            Assert.True(simulation.LeastShare >= 0.2, run);
        }
    }
}
