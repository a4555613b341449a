using AssetCompute.Client.Tests.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Http;

public sealed partial class ResilienceTests
{
    [Fact]
    public async Task Attempt_that_hangs_is_given_up_and_tried_again()
    {
        _network.ExpectHang("/process");
        _network.ExpectSuccess("/process");

        List<TimeSpan> waits = await RunAsync(_account.Client.ProcessAsync(Request, Cancellation));

        Assert.Equal([TimeSpan.FromSeconds(30), Milliseconds(500)], waits);
    }

    [Fact]
    public async Task ProcessAsync_token_that_hangs_is_tried_again_since_nothing_was_sent()
    {
        await using TestAccount account = new(
            static options => (options.Throttling.Enabled, options.Retry.UseJitter, options.Retry.RetryProcessOnServerError) = (false, false, false),
            _time,
            static builder => builder.AddAccessTokenProvider(static _ => new FirstTokenHangs()),
            _network);
        _network.ExpectSuccess("/process");

        List<TimeSpan> waits = await RunAsync(account.Client.ProcessAsync(Request, Cancellation));

        Assert.Equal([TimeSpan.FromSeconds(30), Milliseconds(500)], waits);
    }

    [Fact]
    public async Task Total_timeout_ends_a_call_that_could_go_on()
    {
        _configure = static options => options.Retry.TotalTimeout = TimeSpan.FromSeconds(70);
        Repeat(3, () => _network.ExpectHang("/register"));

        AssetComputeUnavailableException exception = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => RunAsync(_account.Client.RegisterAsync(Cancellation)));

        Assert.Equal(TimeSpan.FromSeconds(70), exception.Elapsed);
        Assert.Contains("no answer within 70 s", exception.Message, StringComparison.Ordinal);
        Assert.Equal(3, exception.Attempts);
    }

    [Fact]
    public async Task Cancelled_in_the_middle_of_a_wait_throws_at_once_and_the_clock_need_not_move()
    {
        using CancellationTokenSource cancellation = new();
        _network.Expect("/process", 429, "60");
        Task<ProcessResult> call = _account.Client.ProcessAsync(Request, cancellation.Token);
        Assert.False(call.IsCompleted);

        await cancellation.CancelAsync();

        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(FakeService.Patience, Cancellation));
        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }
}
