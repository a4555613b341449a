using System.Net;
using AssetCompute.Client.Http;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Http;

public class RetryAfterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("3600", 3600)]
    [InlineData("Sun, 22 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Sun, 22 Nov 2026 11:59:00 GMT", 1)]
    [InlineData("Sunday, 22-Nov-26 12:01:00 GMT", 60)]
    public void Of_seconds_or_date_is_the_wait(string value, int seconds)
    {
        using HttpResponseMessage response = Response(value);

        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Of(response, _time));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("99999999999999")]
    [InlineData("PT5S")]
    public void Of_garbage_is_nothing(string value)
    {
        using HttpResponseMessage response = Response(value);

        Assert.Null(RetryAfter.Of(response, _time));
    }

    [Fact]
    public void Of_no_header_is_nothing()
    {
        using HttpResponseMessage response = new((HttpStatusCode)429);

        Assert.Null(RetryAfter.Of(response, _time));
    }

    private static HttpResponseMessage Response(string value)
    {
        HttpResponseMessage response = new((HttpStatusCode)429);
        response.Headers.TryAddWithoutValidation("Retry-After", value);
        return response;
    }
}
