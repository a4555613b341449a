using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Http;

public class RetryAfterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("3600", 3600)]
    [InlineData("1.5", 1.5)]
    [InlineData("Sun, 22 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Sun, 22 Nov 2026 11:59:00 GMT", 1)]
    [InlineData("Sunday, 22-Nov-26 12:01:00 GMT", 60)]
    [InlineData("Sun Nov 22 12:02:00 2026", 120)]
    [InlineData("3, 3", 3)]
    [InlineData("3,7", 7)]
    [InlineData("Sun, 22 Nov 2026 12:00:30 GMT, Sun, 22 Nov 2026 12:00:40 GMT", 40)]
    [InlineData("soon, 5", 5)]
    public void Of_SecondsOrDate_IsTheWait(string value, double seconds)
    {
        using HttpResponseMessage response = Response(value);

        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Of(response, _time));
    }

    [Theory]
    [InlineData("3", "3", 3)]
    [InlineData("2", "4", 4)]
    [InlineData("soon", "4", 4)]
    public void Of_TwoHeaders_IsTheLongerWait(string first, string second, double seconds)
    {
        using HttpResponseMessage response = Response(first, second);

        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Of(response, _time));
    }

    [Theory]
    [InlineData("Sun, 22 Nov 2026 13:00:00 GMT", "Sun, 22 Nov 2026 13:00:03 GMT", 3)]
    [InlineData("Sun, 22 Nov 2026 11:00:00 GMT", "Sun, 22 Nov 2026 11:00:03 GMT", 3)]
    [InlineData("Sun, 22 Nov 2026 13:00:00 GMT", "3", 3)]
    [InlineData("not a date", "Sun, 22 Nov 2026 12:00:03 GMT", 3)]
    public void Of_AServerWhoseClockIsWrong_IsTheWaitOnItsOwnClock(string date, string value, double seconds)
    {
        using HttpResponseMessage response = Response(value);
        response.Headers.TryAddWithoutValidation("Date", date);

        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Of(response, _time));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(25)]
    [InlineData(400)]
    public void Of_ANumberBeyondAnInt_IsAVeryLongWait(int digits)
    {
        using HttpResponseMessage response = Response(new string('9', digits));

        Assert.True(RetryAfter.Of(response, _time) > TimeSpan.FromDays(1000));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("PT5S")]
    [InlineData("5s")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("Sun, 32 Nov 2026 12:00:30 GMT")]
    public void Of_Garbage_IsNothing(string value)
    {
        using HttpResponseMessage response = Response(value);

        Assert.Null(RetryAfter.Of(response, _time));
    }

    [Fact]
    public void Of_NoHeader_IsNothing()
    {
        using HttpResponseMessage response = new((System.Net.HttpStatusCode)429);

        Assert.Null(RetryAfter.Of(response, _time));
    }

    private static HttpResponseMessage Response(params string[] values)
    {
        HttpResponseMessage response = new((System.Net.HttpStatusCode)429);
        foreach (string value in values)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", value);
        }

        return response;
    }
}
