using AssetCompute.Client.Http.Throttling;

namespace AssetCompute.Client.Tests.Http.Throttling;

public partial class ThrottleLawTests
{
    [Fact]
    public void Few_refusals_among_successes_change_nothing()
    {
        ThrottleLaw law = NewLaw();
        for (int call = 0; call < 500; call++)
        {
            int epoch = Leave(law, call);
            if (call % 10 == 0)
            {
                Assert.Null(law.Refused(call, epoch, TimeSpan.FromSeconds(30)));
            }
            else
            {
                law.Succeeded(call, epoch);
            }
        }

        Assert.Null(law.Rate);
        Assert.True(law.Places >= 16);
    }

    [Fact]
    public void Retry_after_below_a_shut_holds_nobody_else_back()
    {
        ThrottleLaw law = NewLaw();

        law.Refused(0, Leave(law, 0), TimeSpan.FromSeconds(30));

        Leave(law, 0);
    }

    [Fact]
    public void Row_of_refusals_shuts_for_as_long_as_the_service_asks()
    {
        ThrottleLaw law = NewLaw();

        double? pause = Refuse(law, 8, now: 1, TimeSpan.FromSeconds(5));

        Assert.Equal(5, pause);
        Assert.False(law.TryLeave(5.99, othersWait: false, out _, out double? askAgainAt));
        Assert.Equal(6, askAgainAt);
        Leave(law, 6);
    }

    [Fact]
    public void Probe_that_hangs_holds_the_others_back_for_five_seconds()
    {
        ThrottleLaw law = NewLaw();
        Refuse(law, 8, now: 1, TimeSpan.FromSeconds(5));
        Leave(law, 6);

        Assert.False(law.TryLeave(6, othersWait: true, out _, out double? askAgainAt));

        Assert.Equal(11, askAgainAt);
        Assert.False(law.TryLeave(10.99, othersWait: true, out _, out _));
        Leave(law, 11);
    }

    [Fact]
    public void Row_that_shuts_grows_with_the_places()
    {
        ThrottleLaw law = NewLaw();
        Stack<int> underWay = new();
        for (int success = 0; success < 100; success++)
        {
            while (law.TryLeave(0, othersWait: true, out int epoch, out _))
            {
                underWay.Push(epoch);
            }

            law.Succeeded(0, underWay.Pop());
        }

        while (underWay.TryPop(out int epoch))
        {
            law.Failed(epoch);
        }

        int row = (int)Math.Ceiling(0.15 * law.Places);
        Assert.True(row > 8);
        Assert.Null(Refuse(law, row - 1));
        Assert.NotNull(Refuse(law, 1));
    }

    [Fact]
    public void Shut_again_and_again_waits_twice_as_long_each_time_up_to_two_seconds()
    {
        ThrottleLaw law = NewLaw();
        List<double> pauses = [Refuse(law, 8)!.Value];
        double now = 0;
        for (int probe = 0; probe < 5; probe++)
        {
            // Without a success, the rate allows one call per second.
            now += Math.Max(1, pauses[^1]);
            pauses.Add(law.Refused(now, Leave(law, now), retryAfter: null)!.Value);
        }

        Assert.Equal([0.25, 0.5, 1, 2, 2, 2], pauses);
    }

    [Fact]
    public void Shut_varies_by_chance_and_never_waits_less_than_asked()
    {
        Random random = new(1);
        HashSet<double> asked = [];
        HashSet<double> own = [];
        for (int time = 0; time < 100; time++)
        {
            asked.Add(Refuse(new ThrottleLaw(new(), new AssetComputeRetryOptions(), random.NextDouble), 8, 0, TimeSpan.FromSeconds(10))!.Value);
            own.Add(Refuse(new ThrottleLaw(new(), new AssetComputeRetryOptions(), random.NextDouble), 8)!.Value);
        }

        Assert.All(asked, pause => Assert.InRange(pause, 10, 11));
        Assert.All(own, pause => Assert.InRange(pause, 0.125, 0.25));
        Assert.True(asked.Count > 50);
        Assert.True(own.Count > 50);
    }

    [Fact]
    public void Shut_is_no_longer_than_the_longest_Retry_After_that_is_waited_out()
    {
        Assert.Equal(90, Refuse(NewLaw(), 8, 0, TimeSpan.FromHours(114)));
    }

    [Fact]
    public void One_probe_leaves_after_a_shut_and_its_success_opens()
    {
        ThrottleLaw law = NewLaw();
        double now = Refuse(law, 8)!.Value;
        int probe = Leave(law, now);

        Assert.False(law.TryLeave(now + 0.1, othersWait: false, out _, out _));
        law.Succeeded(now + 0.1, probe);
        Leave(law, now + 0.1);
    }

    [Fact]
    public void Fault_of_the_probe_frees_its_place_and_opens_nothing()
    {
        ThrottleLaw law = NewLaw();
        double now = Refuse(law, 8)!.Value;

        law.Failed(Leave(law, now));

        Leave(law, now + 2);
        Assert.False(law.TryLeave(now + 3, othersWait: false, out _, out _));
    }

    [Fact]
    public void Late_refusal_counts_for_nothing_and_may_lengthen_the_silence()
    {
        ThrottleLaw law = NewLaw();
        int late = Leave(law, 0);
        int later = Leave(law, 0);
        double pause = Refuse(law, 8)!.Value;
        double? rate = law.Rate;

        Assert.Null(law.Refused(pause / 2, late, TimeSpan.FromSeconds(10)));

        Assert.Equal(rate, law.Rate);
        Assert.False(law.TryLeave(9, othersWait: false, out _, out double? askAgainAt));
        Assert.Equal((pause / 2) + 10, askAgainAt!.Value, precision: 6);
        Assert.Null(law.Refused(20, later, TimeSpan.FromSeconds(10)));
        Leave(law, 20);
    }

    [Fact]
    public void Late_success_ends_a_row_and_does_not_open_what_is_shut()
    {
        ThrottleLaw law = NewLaw();
        int late = Leave(law, 0);
        double pause = Refuse(law, 8)!.Value;

        law.Succeeded(0.1, late);

        Leave(law, pause);
        Assert.False(law.TryLeave(pause, othersWait: false, out _, out _));
    }

    [Fact]
    public void Success_between_refusals_ends_the_row()
    {
        ThrottleLaw law = NewLaw();
        int other = Leave(law, 0);
        Refuse(law, 4);
        law.Succeeded(0, other);

        Assert.Null(Refuse(law, 4));
        Leave(law, 0);
    }

    [Fact]
    public void Fault_between_refusals_neither_ends_the_row_nor_adds_to_it()
    {
        ThrottleLaw law = NewLaw();
        Refuse(law, 4);
        law.Failed(Leave(law, 0));

        Assert.Null(Refuse(law, 3));
        Assert.NotNull(Refuse(law, 1));
    }

    private static ThrottleLaw NewLaw(AssetComputeThrottlingOptions? throttling = null) =>
        new(throttling ?? new(), new AssetComputeRetryOptions { UseJitter = false }, () => throw new InvalidOperationException("Nothing varies."));

    private static int Leave(ThrottleLaw law, double now)
    {
        Assert.True(law.TryLeave(now, othersWait: false, out int epoch, out _));
        return epoch;
    }

    private static double? Refuse(ThrottleLaw law, int times, double now = 0, TimeSpan? retryAfter = null)
    {
        double? learned = null;
        for (int time = 0; time < times; time++)
        {
            learned = law.Refused(now, Leave(law, now), retryAfter);
        }

        return learned;
    }
}
