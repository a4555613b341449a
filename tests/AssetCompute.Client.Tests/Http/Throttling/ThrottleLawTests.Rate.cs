using AssetCompute.Client.Http.Throttling;

namespace AssetCompute.Client.Tests.Http.Throttling;

public partial class ThrottleLawTests
{
    [Fact]
    public void Rate_dips_below_what_succeeded_is_back_after_a_second_and_a_half_and_grows_beyond()
    {
        ThrottleLaw law = WithRate(out double now);
        double start = law.Rate!.Value;
        List<double> rates = [];
        for (int second = 0; second < 12; second++)
        {
            Press(law, ref now, 0.5);
            rates.Add(law.Rate!.Value);
        }

        double level = start / 0.7;
        Assert.InRange(rates[0], 0.7 * level, level);
        Assert.InRange(rates[2], 0.97 * level, 1.03 * level);
        Assert.InRange(rates[3], 0.97 * level, 1.05 * level);
        Assert.InRange(rates[11], 7 * level, 12 * level);
    }

    [Fact]
    public void Rate_does_not_grow_while_nobody_waits()
    {
        ThrottleLaw law = WithRate(out double now);
        double rate = law.Rate!.Value;
        for (int hour = 1; hour <= 24; hour++)
        {
            now += 3600;
            law.Succeeded(now, Leave(law, now));
        }

        Assert.Equal(rate, law.Rate!.Value);
    }

    [Fact]
    public void Rate_grows_in_time_although_timers_are_late()
    {
        ThrottleLaw law = WithRate(out double now);
        double start = law.Rate!.Value;
        for (int timer = 0; timer < 100; timer++)
        {
            now += 0.03;
            while (law.TryLeave(now, othersWait: true, out int epoch, out _))
            {
                law.Succeeded(now, epoch);
            }
        }

        Assert.InRange(law.Rate!.Value, 1.6 * start, 2 * start);
    }

    [Fact]
    public void Outage_without_a_success_leaves_a_known_rate_alone()
    {
        ThrottleLaw law = WithRate(out double now);
        double rate = law.Rate!.Value;
        now += 100;

        // The success that opened the throttle is the last one before the outage. The refusals reduce the rate once, and then not again.
        for (int shut = 0; shut < 3; shut++)
        {
            double? pause = null;
            for (int refused = 0; pause is not > 0; refused++)
            {
                now += 1;
                pause = law.Refused(now, Leave(law, now), retryAfter: null);
            }

            now += 100;
            Assert.NotNull(law.Refused(now, Leave(law, now), retryAfter: null));
            rate = shut == 0 ? law.Rate!.Value : rate;
            Assert.Equal(rate, law.Rate);
            now += 100;
        }
    }

    [Fact]
    public void Request_sent_again_counts_as_a_call()
    {
        ThrottleLaw law = WithRate(out double now);
        now += 10;
        law.Succeeded(now, Leave(law, now));
        law.SentAgain(now);

        Assert.False(law.TryLeave(now - 0.05 + (1.9 / law.Rate!.Value), othersWait: false, out _, out double? askAgainAt));
        Assert.Equal(now - 0.05 + (2 / law.Rate!.Value), askAgainAt!.Value, precision: 6);
    }

    [Fact]
    public void Most_under_way_holds_always()
    {
        ThrottleLaw law = NewLaw(new AssetComputeThrottlingOptions { Enabled = false, MaxConcurrentRequests = 2 });
        int first = Leave(law, 0);
        Leave(law, 0);

        Assert.False(law.TryLeave(0, othersWait: false, out _, out double? askAgainAt));
        Assert.Null(askAgainAt);
        law.Failed(first);
        Leave(law, 0);
    }

    [Fact]
    public void Most_under_way_bounds_what_is_learned()
    {
        ThrottleLaw law = NewLaw(new AssetComputeThrottlingOptions { MaxConcurrentRequests = 4 });

        for (int call = 0; call < 100; call++)
        {
            int[] epochs = [.. Enumerable.Range(0, 4).Select(_ => Leave(law, call))];
            Array.ForEach(epochs, epoch => law.Succeeded(call, epoch));
        }

        Assert.Equal(4, law.Places);
    }

    [Fact]
    public void Not_enabled_nothing_is_learned()
    {
        ThrottleLaw law = NewLaw(new AssetComputeThrottlingOptions { Enabled = false });

        Assert.Null(Refuse(law, 100, 0, TimeSpan.FromSeconds(60)));
        Assert.Null(law.Rate);
        Leave(law, 0);
    }

    /// <summary>Creates a throttle that closed at about 100 successes per second, and is open again.</summary>
    private static ThrottleLaw WithRate(out double now)
    {
        ThrottleLaw law = NewLaw();
        for (int call = 0; call < 100; call++)
        {
            law.Succeeded(0, Leave(law, 0));
        }

        now = Refuse(law, 8)!.Value;
        law.Succeeded(now, Leave(law, now));
        Assert.InRange(law.Rate!.Value, 60, 80);
        return law;
    }

    private static void Press(ThrottleLaw law, ref double now, double seconds)
    {
        double end = now + seconds;
        while (now < end)
        {
            if (law.TryLeave(now, othersWait: true, out int epoch, out double? askAgainAt))
            {
                law.Succeeded(now, epoch);
            }
            else
            {
                now = Math.Min(end, askAgainAt!.Value);
            }
        }
    }
}
