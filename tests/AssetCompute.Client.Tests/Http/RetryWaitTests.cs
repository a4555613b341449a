using System.Net;
using AssetCompute.Client.Tests.Streams;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Http;

/// <summary>The waits between the attempts of a call: their jitter and their limits.</summary>
public sealed class RetryWaitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 2, 4)]
    [InlineData("1", 2, 4)]
    [InlineData("60", 60, 64)]
    [InlineData("3", 3, 6)]
    public async Task Jitter_takes_from_the_backoff_and_comes_on_top_of_what_was_asked(string? retryAfter, double least, double most)
    {
        List<double> waits = [];
        for (int call = 0; call < 200; call++)
        {
            waits.AddRange(await WaitsAsync(1, retryAfter, options => options.Delay = options.MaxDelay = TimeSpan.FromSeconds(4)));
        }

        Assert.All(waits, wait => Assert.InRange(wait, least, most));
        double middle = (least + most) / 2;
        Assert.Contains(waits, wait => wait < middle);
        Assert.Contains(waits, wait => wait > middle);
    }

    [Fact]
    public async Task Waits_double_up_to_the_longest()
    {
        List<double> waits = await WaitsAsync(5, retryAfter: null, options =>
        {
            options.UseJitter = false;
            options.Delay = TimeSpan.FromSeconds(1);
            options.MaxDelay = TimeSpan.FromSeconds(5);
        });

        Assert.Equal([1, 2, 4, 5, 5], waits);
    }

    [Fact]
    public async Task Retry_after_at_the_cap_is_waited_out()
    {
        Assert.Equal([90], await WaitsAsync(1, "90", options => options.UseJitter = false));

        AssetComputeUnavailableException failure = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => WaitsAsync(1, "91", options => options.UseJitter = false));
        Assert.Equal(1, failure.Attempts);
    }

    [Fact]
    public async Task Attempts_end_after_as_many_retries_as_are_wanted()
    {
        AssetComputeUnavailableException failure = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => WaitsAsync(4, retryAfter: null, options => options.MaxRetryAttempts = 2));

        Assert.Equal(3, failure.Attempts);
    }

    [Theory]
    [InlineData(499)]
    [InlineData(407)]
    [InlineData(428)]
    [InlineData(430)]
    [InlineData(409)]
    public async Task Status_beside_those_that_may_pass_is_final(int status)
    {
        AssetComputeException failure = await Assert.ThrowsAsync<AssetComputeException>(() => WaitsAsync(1, retryAfter: null, static _ => { }, (HttpStatusCode)status));

        Assert.Equal(1, failure.Attempts);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task Body_that_breaks_off_ends_an_attempt_of_good_status_only(HttpStatusCode status)
    {
        FakeTimeProvider time = new();
        using ScriptedNetwork network = new();
        await using TestAccount account = new(options => options.Retry.UseJitter = false, time, network: network);
        network.Expect("/register", _ => new HttpResponseMessage(status) { Content = new StreamContent(new BrokenStream()) });
        network.ExpectSuccess("/register");

        Task<RegisterResult> call = account.Client.RegisterAsync(Cancellation);

        if (status == HttpStatusCode.OK)
        {
            Assert.True(time.AdvanceToNextTimer());
            await call;
        }
        else
        {
            AssetComputeInvalidRequestException failure = await Assert.ThrowsAsync<AssetComputeInvalidRequestException>(() => call);
            Assert.Equal("begun", failure.ResponseBody);
        }
    }

    /// <summary>Registers, with a number of failures before the success, and returns the seconds between the attempts.</summary>
    private static async Task<List<double>> WaitsAsync(int failures, string? retryAfter, Action<AssetComputeRetryOptions> configure, HttpStatusCode status = HttpStatusCode.ServiceUnavailable)
    {
        FakeTimeProvider time = new();
        using ScriptedNetwork network = new();
        await using TestAccount account = new(options => configure(options.Retry), time, network: network);
        for (int failure = 0; failure < failures; failure++)
        {
            network.Expect("/register", (int)status, retryAfter);
        }

        network.ExpectSuccess("/register");
        Task<RegisterResult> call = account.Client.RegisterAsync(Cancellation);
        List<double> waits = [];
        while (!call.IsCompleted)
        {
            waits.Add(time.NextTimer!.Value.TotalSeconds);
            time.AdvanceToNextTimer();
        }

        await call;
        return waits;
    }

    private sealed class BrokenStream : TestStream
    {
        private bool _begun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_begun)
            {
                throw new IOException("reset by peer");
            }

            _begun = true;
            "begun"u8.CopyTo(buffer.Span);
            return new ValueTask<int>(5);
        }
    }
}
