using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>How long the identity service is left alone, and how often a refused token is replaced.</summary>
public class RefreshLimitsTests
{
    private static readonly AssetComputeAuthenticationException s_failure = new("down");

    [Theory]
    [InlineData(0.0, new double[] { 1, 2, 4, 8, 16, 32, 60, 60 })]
    [InlineData(1.0, new double[] { 0.5, 1, 2, 4, 8, 16, 30, 30 })]
    public void Failed_AgainAndAgain_DoublesUpToAMinuteLessAPartOfUpToAHalf(double chance, double[] expected)
    {
        RefreshBackoff backoff = new(() => chance);

        Assert.Equal(expected, expected.Select(_ => backoff.Failed(s_failure, TimeSpan.Zero, 0).TotalSeconds));
        Assert.Same(s_failure, backoff.Failure);
    }

    [Fact]
    public void Failed_AThousandTimes_StaysAtAMinute()
    {
        RefreshBackoff backoff = new(static () => 0);

        Assert.Equal(60, Enumerable.Range(0, 1100).Select(_ => backoff.Failed(s_failure, TimeSpan.Zero, 0).TotalSeconds).ToArray()[^1]);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(20, 20)]
    [InlineData(300, 300)]
    [InlineData(301, 300)]
    public void Failed_WithARetryAfter_WaitsAtLeastThatLongUpToFiveMinutes(double asked, double expected)
    {
        AssetComputeAuthenticationException failure = new("busy") { RetryAfter = TimeSpan.FromSeconds(asked) };

        Assert.Equal(expected, new RefreshBackoff(static () => 0).Failed(failure, TimeSpan.Zero, 0).TotalSeconds);
    }

    [Fact]
    public void Allows_OnlyWhenTheWaitIsOverOrTheCredentialsAreOthers()
    {
        RefreshBackoff backoff = new(static () => 0);
        TimeSpan now = TimeSpan.FromSeconds(100);
        Assert.True(backoff.Allows(now, 0));

        backoff.Failed(s_failure, now, 0);

        Assert.False(backoff.Allows(now + TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1), 0));
        Assert.True(backoff.Allows(now + TimeSpan.FromSeconds(1), 0));
        Assert.True(backoff.Allows(now, 1));
        backoff.Succeeded();
        Assert.True(backoff.Allows(now, 0));
        Assert.Null(backoff.Failure);
    }

    [Fact]
    public void Failed_AfterASuccessOrOfOtherCredentials_BeginsAnew()
    {
        RefreshBackoff backoff = new(static () => 0);
        backoff.Failed(s_failure, TimeSpan.Zero, 0);
        backoff.Failed(s_failure, TimeSpan.Zero, 0);

        Assert.Equal(1, backoff.Failed(s_failure, TimeSpan.Zero, 1).TotalSeconds);
        Assert.Equal(2, backoff.Failed(s_failure, TimeSpan.Zero, 1).TotalSeconds);
        backoff.Succeeded();
        Assert.Equal(1, backoff.Failed(s_failure, TimeSpan.Zero, 1).TotalSeconds);
    }

    [Fact]
    public void TryTake_TenAtOnceAndThenOneInFiveSeconds()
    {
        RejectionLimit limit = new();
        TimeSpan now = TimeSpan.FromHours(1);

        Assert.Equal(10, Taken());
        now += TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1);
        Assert.Equal(0, Taken());
        now += TimeSpan.FromTicks(1);
        Assert.Equal(1, Taken());
        now += TimeSpan.FromSeconds(15);
        Assert.Equal(3, Taken());
        now += TimeSpan.FromHours(1);
        Assert.Equal(10, Taken());

        int Taken() => Enumerable.Range(0, 20).Count(_ => limit.TryTake(now));
    }

    [Theory]
    [InlineData(86_400, 300, 30)]
    [InlineData(3_000, 300, 30)]
    [InlineData(1_000, 100, 10)]
    [InlineData(10, 1, 0.1)]
    public void CachedToken_IsRenewedAndTakenOutOfUseAheadOfItsEnd(double lifetime, double renewal, double last)
    {
        DateTimeOffset end = DateTimeOffset.UnixEpoch.AddDays(1);
        CachedAccessToken token = new(new AccessToken("token", end), TimeSpan.FromSeconds(lifetime), "key");

        Assert.Equal(end.AddSeconds(-renewal), token.RefreshOn);
        Assert.Equal(end.AddSeconds(-last), token.ServesUntil);
        Assert.True(token.IsFresh(token.RefreshOn.AddTicks(-1), rejected: null));
        Assert.False(token.IsFresh(token.RefreshOn, rejected: null));
    }

    [Fact]
    public void CachedToken_IsTheOneOfTheSameText()
    {
        AccessToken own = new("token", DateTimeOffset.UnixEpoch.AddDays(1));
        CachedAccessToken token = new(own, TimeSpan.FromDays(1), "key");

        Assert.True(token.Is(own));
        Assert.True(token.Is(new AccessToken("token", DateTimeOffset.UnixEpoch)));
        Assert.False(token.Is(new AccessToken("Token", own.ExpiresOn)));
        Assert.False(token.Is(null));
        Assert.False(token.IsFresh(DateTimeOffset.UnixEpoch, own));
        Assert.True(token.IsFresh(DateTimeOffset.UnixEpoch, new AccessToken("another", own.ExpiresOn)));
    }
}
