namespace AssetCompute.Client.Tests.Errors;

public class BackoffTests
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0, null, 0.5, 1)]
    [InlineData(1, null, 1, 2)]
    [InlineData(3, null, 4, 8)]
    [InlineData(5, null, 15, 30)]
    [InlineData(1_000_000, null, 15, 30)]
    [InlineData(0, 60.0, 60, 61)]
    [InlineData(0, 0.8, 0.8, 1.6)]
    [InlineData(5, 1.0, 15, 30)]
    public void Delay_OfAFailure_LiesBetweenItsBoundsAndIsNotAlwaysTheSame(int failure, double? retryAfter, double least, double most)
    {
        TimeSpan? asked = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        double[] delays = [.. Enumerable.Range(0, 1000).Select(_ => Backoff.Delay(s_first, s_longest, failure, asked).TotalSeconds)];

        Assert.All(delays, delay => Assert.InRange(delay, least, most));
        double middle = (least + most) / 2;
        Assert.Contains(delays, delay => delay < middle);
        Assert.Contains(delays, delay => delay > middle);
    }

    [Theory]
    [InlineData(0, null, 1)]
    [InlineData(2, null, 4)]
    [InlineData(9, null, 30)]
    [InlineData(0, 7.0, 7)]
    [InlineData(3, 7.0, 8)]
    public void Delay_WithoutJitter_IsExact(int failure, double? retryAfter, double expected) =>
        Assert.Equal(expected, Backoff.Delay(s_first, s_longest, failure, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null, useJitter: false).TotalSeconds);
}
