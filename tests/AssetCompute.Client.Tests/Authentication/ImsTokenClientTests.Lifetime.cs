using System.Globalization;
using System.Net;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Tests.Authentication;

public sealed partial class ImsTokenClientTests
{
    [Theory]
    [InlineData(86399, false)]
    [InlineData(86399000, true)]
    public async Task Lifetime_InTheUnitOfTheEndpoint_IsBelieved(double expiresIn, bool isJwt)
    {
        (TimeSpan lifetime, bool isPlausible) = await LifetimeAsync(expiresIn, Token(DayInMilliseconds), isJwt);

        Assert.True(isPlausible);
        Assert.Equal(TimeSpan.FromSeconds(86399), lifetime);
    }

    [Theory]
    [InlineData(86399000d, false)]
    [InlineData(86399d, true)]
    [InlineData(null, false)]
    [InlineData(0d, false)]
    [InlineData(-5d, true)]
    public async Task Lifetime_InTheWrongUnitOrMissing_IsWhatTheTokenSays(double? expiresIn, bool isJwt)
    {
        (TimeSpan lifetime, bool isPlausible) = await LifetimeAsync(expiresIn, Token(DayInMilliseconds), isJwt);

        Assert.False(isPlausible);
        Assert.Equal(TimeSpan.FromDays(1), lifetime);
    }

    [Fact]
    public async Task Lifetime_OfATokenIssuedEarlier_IsWhatIsLeft() =>
        Assert.Equal((TimeSpan.FromHours(1), true), await LifetimeAsync(3600, Token(DayInMilliseconds)));

    [Fact]
    public async Task Lifetime_InTheWrongUnitOfATokenIssuedEarlier_IsWhatIsLeft() =>
        Assert.Equal((TimeSpan.FromHours(22), false), await LifetimeAsync(86399, Token(DayInMilliseconds, s_now.AddHours(-2)), isJwt: true));

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.b.c")]
    [InlineData("a.e30.c")]
    [InlineData("a.!!!.c")]
    [InlineData("a.WzFd.c")]
    public async Task Lifetime_OfAnOpaqueToken_IsBelievedUpToADay(string token)
    {
        Assert.Equal((TimeSpan.FromHours(2), true), await LifetimeAsync(7200, token));
        Assert.Equal((TimeSpan.FromHours(24), false), await LifetimeAsync(86399000, token));
        Assert.Equal(TimeSpan.FromHours(24), (await LifetimeAsync(1e300, token, isJwt: true)).Lifetime);
    }

    [Theory]
    [InlineData("86400000")]
    [InlineData("\"3000\"")]
    public async Task Lifetime_InTheTokenAsNumberOrString_IsRead(string expiresIn) =>
        Assert.True((await LifetimeAsync(null, Token(expiresIn))).Lifetime > TimeSpan.Zero);

    [Theory]
    [InlineData(-23, 1)]
    [InlineData(-25, 24)]
    [InlineData(5, 24)]
    public async Task Lifetime_OfATokenCreatedAtAnotherTime_IsWhatIsLeftUnlessTheClockMustBeWrong(int createdHours, int leftHours)
    {
        (TimeSpan lifetime, _) = await LifetimeAsync(86399, Token(DayInMilliseconds, s_now.AddHours(createdHours)));

        Assert.InRange(lifetime, TimeSpan.FromHours(leftHours) - TimeSpan.FromSeconds(1), TimeSpan.FromHours(leftHours));
    }

    private async Task<(TimeSpan Lifetime, bool IsPlausible)> LifetimeAsync(double? expiresIn, string token, bool isJwt = false)
    {
        string body = expiresIn is null ? $$"""{"access_token":"{{token}}"}""" : string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"{{token}}","expires_in":{{expiresIn:R}}}""");
        using FakeIms ims = new(_time, TimeSpan.FromDays(1)) { Answer = _ => FakeIms.Json(HttpStatusCode.OK, body) };
        string file = Path.Combine(_directory, "aem.json");
        await File.WriteAllTextAsync(file, CredentialSamples.ServiceCredentials().ToJsonString(), TestContext.Current.CancellationToken);
        await using Account account = new(ims, isJwt ? options => options.CredentialsFile = file : null, time: _time);
        AccessToken issued = await account.GetTokenAsync();
        return (issued.ExpiresOn - s_now, !account.Logs.Lines.Any(static line => line.Id.Id == 1103));
    }
}
