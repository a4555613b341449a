using System.Text;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Tests.Authentication;

public sealed class TokenLifetimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private const string DayInMilliseconds = "\"86400000\"";

    [Theory]
    [InlineData(86399, "Seconds")]
    [InlineData(86399000, "Milliseconds")]
    public void Of_AnAnswerInTheEndpointsUnit_IsBelieved(double expiresIn, string unit)
    {
        (TimeSpan lifetime, bool plausible) = Lifetime(expiresIn, Enum.Parse<ExpiresInUnit>(unit), Token(DayInMilliseconds));
        Assert.True(plausible);
        Assert.Equal(TimeSpan.FromSeconds(86399), lifetime);
    }

    [Theory]
    [InlineData(86399000d, "Seconds")]
    [InlineData(86399d, "Milliseconds")]
    [InlineData(null, "Seconds")]
    [InlineData(0d, "Seconds")]
    [InlineData(-5d, "Milliseconds")]
    public void Of_AnAnswerInTheWrongUnitOrNone_GivesWayToWhatTheTokenSays(double? expiresIn, string unit)
    {
        (TimeSpan lifetime, bool plausible) = Lifetime(expiresIn, Enum.Parse<ExpiresInUnit>(unit), Token(DayInMilliseconds));
        Assert.False(plausible);
        Assert.Equal(TimeSpan.FromDays(1), lifetime);
    }

    [Fact]
    public void Of_ATokenIssuedSomeTimeAgo_BelievesWhatIsLeft()
    {
        (TimeSpan lifetime, bool plausible) = Lifetime(3600, ExpiresInUnit.Seconds, Token(DayInMilliseconds));
        Assert.True(plausible);
        Assert.Equal(TimeSpan.FromHours(1), lifetime);
    }

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.b.c")]
    [InlineData("a.e30.c")]
    [InlineData("a.!!!.c")]
    public void Of_AnOpaqueToken_BelievesTheAnswerUpToADay(string token)
    {
        Assert.Equal((TimeSpan.FromHours(2), true), Lifetime(7200, ExpiresInUnit.Seconds, token));
        Assert.Equal((TimeSpan.FromHours(24), false), Lifetime(86399000, ExpiresInUnit.Seconds, token));
        Assert.Equal(TimeSpan.Zero, Lifetime(null, ExpiresInUnit.Seconds, token).Lifetime);
        Assert.Equal(TimeSpan.Zero, Lifetime(-1, ExpiresInUnit.Seconds, token).Lifetime);
        Assert.Equal(TimeSpan.FromHours(24), Lifetime(1e300, ExpiresInUnit.Milliseconds, token).Lifetime);
    }

    [Theory]
    [InlineData("86400000")]
    [InlineData("\"3000\"")]
    public void Of_ATokenThatWritesItsLifetimeAsNumberOrString_ReadsBoth(string expiresIn)
    {
        (TimeSpan lifetime, _) = Lifetime(null, ExpiresInUnit.Seconds, Token(expiresIn));
        Assert.True(lifetime > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(-23, 1)]
    [InlineData(-25, 24)]
    [InlineData(5, 24)]
    public void Of_ATokenThatWasCreatedAtAnotherTime_BelievesWhatIsLeftUnlessTheClockMustBeWrong(int createdHours, int leftHours)
    {
        string token = Token(DayInMilliseconds, Now.AddHours(createdHours));
        (TimeSpan lifetime, _) = TokenLifetime.Of(86399, ExpiresInUnit.Seconds, token, Now);
        Assert.InRange(lifetime, TimeSpan.FromHours(leftHours) - TimeSpan.FromSeconds(1), TimeSpan.FromHours(leftHours));
    }

    private static (TimeSpan Lifetime, bool Plausible) Lifetime(double? expiresIn, ExpiresInUnit unit, string token) =>
        TokenLifetime.Of(expiresIn, unit, token, Now);

    private static string Token(string expiresIn, DateTimeOffset? createdAt = null)
    {
        string created = (createdAt ?? Now).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        string payload = $$"""{"client_id":"client-a","created_at":"{{created}}","expires_in":{{expiresIn}}}""";
        return "e30." + Convert.ToBase64String(Encoding.UTF8.GetBytes(payload)).TrimEnd('=').Replace('+', '-').Replace('/', '_') + ".c2ln";
    }
}
