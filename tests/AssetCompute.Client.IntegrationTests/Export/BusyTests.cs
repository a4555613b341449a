using System.Net;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for temporary errors that affect all assets and errors that affect a single asset.</summary>
public sealed class BusyTests
{
    [Theory]
    [InlineData(null, null, 30)]
    [InlineData(401, null, 30)]
    [InlineData(408, null, 30)]
    [InlineData(429, 7, 7)]
    [InlineData(502, null, 30)]
    [InlineData(503, null, 30)]
    [InlineData(504, null, 30)]
    [InlineData(500, 7, 7)]
    [InlineData(500, null, null)]
    [InlineData(403, null, null)]
    [InlineData(404, null, null)]
    public void WaitOf_AnAnswerOfAem_IsThatOfWhatIsBusy(int? status, int? retryAfter, int? expected) =>
        AssertWait(expected, new AemException("x") { Status = (HttpStatusCode?)status, RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null });

    [Theory]
    [InlineData(null, 30)]
    [InlineData(429, 30)]
    [InlineData(503, 30)]
    [InlineData(500, null)]
    [InlineData(502, null)]
    public void WaitOf_AnAnswerOfAStorage_IsThatOfWhatIsBusy(int? status, int? expected) =>
        AssertWait(expected, new AssetStorageException("x") { IsTransient = true, StatusCode = (HttpStatusCode?)status });

    [Theory]
    [InlineData(null, null, 30)]
    [InlineData(503, null, 30)]
    [InlineData(500, 5, 5)]
    [InlineData(500, null, null)]
    public void WaitOf_AnAnswerOfAssetCompute_IsThatOfWhatIsBusy(int? status, int? retryAfter, int? expected) =>
        AssertWait(expected, new AssetComputeUnavailableException("x") { StatusCode = (HttpStatusCode?)status, RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null });

    [Fact]
    public void WaitOf_ACause_Counts()
    {
        AssertWait(20, new IOException("x", new AssetComputeThrottledException("x") { RetryAfter = TimeSpan.FromSeconds(20) }));
        AssertWait(null, new IOException("x", new IOException("y")));
        AssertWait(null, new AssetStorageException("x"));
    }

    [Fact]
    public void WaitOf_AServerThatAsksForWeeks_IsADay()
    {
        AssertWait(24 * 60 * 60, new AemException("x") { Status = HttpStatusCode.ServiceUnavailable, RetryAfter = TimeSpan.FromDays(40) });
        AssertWait(24 * 60 * 60, new IOException("x", new AssetComputeThrottledException("x") { RetryAfter = TimeSpan.FromDays(40) }));
        AssertWait(24 * 60 * 60, new DestinationBusyException("x", TimeSpan.FromDays(40)));
    }

    private static void AssertWait(int? expected, Exception failure) => Assert.Equal(expected, Busy.WaitOf(failure)?.TotalSeconds);
}
