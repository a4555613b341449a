using AssetCompute.Client.Http.Throttling;

namespace AssetCompute.Client.Tests.Http.Throttling;

public class AdmissionPlanTests
{
    [Theory]
    [InlineData(50, 50, 0.002, 1.15, 1.2)]
    [InlineData(50, 50, 0.05, 1.15, 1.2)]
    [InlineData(50, 50, 0.25, 1.15, 1.2)]
    [InlineData(50, 100, 0.05, 1.15, 1.2)]
    [InlineData(50, 10, 0.05, 1.15, 1.5)]
    [InlineData(50, 1, 0.002, 1.15, 2.0)]
    [InlineData(5, 5, 0.05, 1.15, 1.2)]
    public void Crowd_against_a_token_bucket_loses_nobody_and_sends_and_takes_little_more_than_needed(double perSecond, double capacity, double roundTrip, double mostRequests, double mostTime)
    {
        Simulation simulation = new(perSecond, capacity, roundTrip, callers: 200, calls: 1000);

        simulation.Run();

        Assert.Equal(1000, simulation.Succeeded);
        Assert.InRange(simulation.Requests / 1000.0, 1, mostRequests);
        Assert.InRange(simulation.Elapsed / simulation.Ideal, 0.99, mostTime);
        Assert.InRange(simulation.MostAttempts, 2, 4);
    }

    [Theory]
    [InlineData(50, 50, 0.05, 1.1)]
    [InlineData(50, 10, 0.05, 1.1)]
    [InlineData(500, 500, 0.05, 1.1)]
    [InlineData(50, 1, 0.002, 1.2)]
    public void Crowd_over_a_long_time_stays_just_under_the_limit(double perSecond, double capacity, double roundTrip, double mostTime)
    {
        Simulation simulation = new(perSecond, capacity, roundTrip, callers: 200, calls: 20_000);

        simulation.Run();

        Assert.InRange(simulation.Requests / 20_000.0, 1, 1.02);
        Assert.InRange(simulation.Elapsed / simulation.Ideal, 0.99, mostTime);
    }

    [Fact]
    public void Never_throttled_crowd_is_soon_all_in_flight()
    {
        Simulation simulation = new(perSecond: 1e9, capacity: 1e9, roundTrip: 0.1, callers: 200, calls: 2000);

        simulation.Run();

        Assert.Equal(2000, simulation.Requests);
        Assert.InRange(simulation.Elapsed, 1, 2);
    }

    [Fact]
    public void Refused_nothing_leaves_before_the_service_may_be_asked_and_then_one_by_one()
    {
        AdmissionPlan plan = NewPlan();
        int epoch = Admit(plan, 0);
        for (int other = 0; other < 10; other++)
        {
            Admit(plan, 0);
            plan.Succeeded(0.01);
        }

        TimeSpan? closed = plan.Refused(0.1, epoch, TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(5), closed);
        Assert.False(plan.TryAdmit(5.09, out _, out double? askAgainAt));
        Assert.Equal(5.1, askAgainAt!.Value, precision: 6);
        Assert.True(plan.TryAdmit(5.1, out _, out _));
        Assert.False(plan.TryAdmit(5.1, out _, out askAgainAt));
        Assert.Equal(5.1 + (1 / plan.Rate!.Value), askAgainAt!.Value, precision: 6);
    }

    [Fact]
    public void Refused_more_than_once_for_requests_of_one_moment_slows_down_once()
    {
        AdmissionPlan plan = NewPlan();
        int[] epochs = [.. Enumerable.Range(0, 10).Select(_ => Admit(plan, 0))];

        Assert.NotNull(plan.Refused(0.1, epochs[0], TimeSpan.FromSeconds(1)));
        double rate = plan.Rate!.Value;

        Assert.All(epochs.Skip(1), epoch => Assert.Null(plan.Refused(0.1, epoch, TimeSpan.FromSeconds(1))));
        Assert.Equal(rate, plan.Rate!.Value);
    }

    [Fact]
    public void Refused_later_with_a_longer_wait_waits_longer()
    {
        AdmissionPlan plan = NewPlan();
        int first = Admit(plan, 0);
        int second = Admit(plan, 0);
        plan.Refused(0, first, TimeSpan.FromSeconds(1));

        plan.Refused(0.5, second, TimeSpan.FromSeconds(10));

        Assert.False(plan.TryAdmit(2, out _, out double? askAgainAt));
        Assert.Equal(10.5, askAgainAt!.Value, precision: 6);
    }

    [Fact]
    public void Refused_again_and_again_without_a_success_waits_twice_as_long_each_time_up_to_the_cap()
    {
        AdmissionPlan plan = NewPlan();
        List<double> waits = [];
        double now = 0;
        for (int time = 0; time < 9; time++)
        {
            TimeSpan wait = plan.Refused(now, Admit(plan, now), retryAfter: null)!.Value;
            waits.Add(wait.TotalSeconds);
            now += wait.TotalSeconds;
        }

        Assert.Equal([0.5, 1, 2, 4, 4, 4, 4, 4, 4], waits);
    }

    [Fact]
    public void Refused_with_a_wait_beyond_the_cap_closes_for_the_cap()
    {
        AdmissionPlan plan = NewPlan();

        Assert.Equal(TimeSpan.FromSeconds(90), plan.Refused(0, Admit(plan, 0), TimeSpan.FromHours(114)));
    }

    [Fact]
    public void Refused_with_jitter_waits_at_least_what_was_asked_and_little_more()
    {
        HashSet<TimeSpan> waits = [];
        for (int time = 0; time < 100; time++)
        {
            AdmissionPlan plan = NewPlan(useJitter: true);
            waits.Add(plan.Refused(0, Admit(plan, 0), TimeSpan.FromSeconds(10))!.Value);
        }

        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11)));
        Assert.True(waits.Count > 50);
    }

    [Fact]
    public void Rate_does_not_grow_while_there_is_nothing_to_do()
    {
        AdmissionPlan plan = NewPlan();
        for (int time = 0; time < 50; time++)
        {
            Admit(plan, 0);
            plan.Succeeded(0);
        }

        plan.Refused(0, Admit(plan, 0), TimeSpan.FromSeconds(1));
        double rate = plan.Rate!.Value;

        for (int hour = 1; hour <= 24; hour++)
        {
            Admit(plan, hour * 3600);
            plan.Succeeded(hour * 3600);
        }

        Assert.InRange(plan.Rate!.Value, rate, rate * 1.1);
    }

    [Fact]
    public void Most_in_flight_holds_always()
    {
        AdmissionPlan plan = NewPlan(new AssetComputeThrottlingOptions { Enabled = false, MaxConcurrentRequests = 2 });
        Admit(plan, 0);
        Admit(plan, 0);

        Assert.False(plan.TryAdmit(0, out _, out double? askAgainAt));
        Assert.Null(askAgainAt);
        plan.Failed();
        Assert.True(plan.TryAdmit(0, out _, out _));
    }

    [Fact]
    public void Not_enabled_a_refusal_closes_nothing()
    {
        AdmissionPlan plan = NewPlan(new AssetComputeThrottlingOptions { Enabled = false });

        Assert.Null(plan.Refused(0, Admit(plan, 0), TimeSpan.FromSeconds(60)));
        Assert.True(plan.TryAdmit(0, out _, out _));
    }

    private static AdmissionPlan NewPlan(AssetComputeThrottlingOptions? throttling = null, bool useJitter = false) =>
        new(throttling ?? new(), new AssetComputeRetryOptions { UseJitter = useJitter });

    private static int Admit(AdmissionPlan plan, double now)
    {
        Assert.True(plan.TryAdmit(now, out int epoch, out _));
        return epoch;
    }

    /// <summary>Callers, the plan and a token bucket, in time that takes no time.</summary>
    private sealed class Simulation(double perSecond, double capacity, double roundTrip, int callers, int calls)
    {
        private readonly AdmissionPlan _plan = NewPlan();
        private readonly PriorityQueue<(int Kind, int Epoch, int Attempts, bool Accepted), double> _events = new();
        private readonly Queue<int> _new = new();
        private readonly Queue<int> _retried = new();
        private int _started;
        private double _used;
        private double _filled;
        private double _wakeAt;

        public int Requests { get; private set; }

        public int Succeeded { get; private set; }

        public int MostAttempts { get; private set; }

        public double Elapsed { get; private set; }

        public double Ideal => Math.Max(0, calls - capacity) / perSecond;

        public void Run()
        {
            const int wake = 0, arrival = 1, answer = 2;
            for (int caller = 0; caller < callers; caller++)
            {
                Start();
            }

            Pump(0);
            while (_events.TryDequeue(out (int Kind, int Epoch, int Attempts, bool Accepted) next, out double now))
            {
                switch (next.Kind)
                {
                    case arrival:
                        _events.Enqueue((answer, next.Epoch, next.Attempts, Take(now)), now + (roundTrip / 2));
                        continue;

                    case answer when next.Accepted:
                        _plan.Succeeded(now);
                        Succeeded++;
                        Elapsed = now;
                        MostAttempts = Math.Max(MostAttempts, next.Attempts);
                        Start();
                        break;

                    case answer:
                        _plan.Refused(now, next.Epoch, TimeSpan.FromSeconds(1));
                        _retried.Enqueue(next.Attempts);
                        break;
                }

                Pump(now);
            }

            void Pump(double now)
            {
                while (_retried.Count + _new.Count > 0)
                {
                    if (!_plan.TryAdmit(now, out int epoch, out double? askAgainAt))
                    {
                        if (askAgainAt is { } due && (due < _wakeAt || _wakeAt <= now))
                        {
                            _wakeAt = due;
                            _events.Enqueue((wake, 0, 0, false), due);
                        }

                        return;
                    }

                    int attempts = (_retried.Count > 0 ? _retried : _new).Dequeue() + 1;
                    Requests++;
                    _events.Enqueue((arrival, epoch, attempts, false), now + (roundTrip / 2));
                }
            }
        }

        private void Start()
        {
            if (_started < calls)
            {
                _started++;
                _new.Enqueue(0);
            }
        }

        private bool Take(double now)
        {
            _used = Math.Max(0, _used - ((now - _filled) * perSecond));
            _filled = now;
            if (_used + 1 > capacity + 1e-9)
            {
                return false;
            }

            _used++;
            return true;
        }
    }
}
