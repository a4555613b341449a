using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Authentication;

public sealed class CredentialRotationTests : IAsyncDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _secrets = ["old-secret-value", "new-secret-value"];
    private readonly FakeIms _ims;
    private readonly Account _account;
    private string _client = "client-a";

    public CredentialRotationTests()
    {
        _ims = new FakeIms(_time, Day);
        _account = new Account(_ims, time: _time, configure: options =>
        {
            options.OrganizationId = "ABC@AdobeOrg";
            options.ClientId = _client;
            _secrets.ForEach(options.ClientSecrets.Add);
        });
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public async Task Request_IsTheFormThatTheIdentityServiceTakes()
    {
        await _account.GetTokenAsync();

        IReadOnlyDictionary<string, string> form = Assert.Single(_ims.Forms);
        Assert.Equal(4, form.Count);
        Assert.Equal("client-a", form["client_id"]);
        Assert.Equal("old-secret-value", form["client_secret"]);
        Assert.Equal("client_credentials", form["grant_type"]);
        Assert.Equal(
            "openid,AdobeID,asset_compute,read_organizations,event_receiver,event_receiver_api,adobeio_api,additional_info.roles,additional_info.projectedProductContext",
            form["scope"]);
    }

    [Fact]
    public async Task FirstSecretRefused_TheNextServes()
    {
        _ims.Answer = form => form["client_secret"] == "old-secret-value" ? FakeIms.WrongSecret() : null;

        Assert.Equal("token-number-2", (await _account.GetTokenAsync()).Value);
        Assert.Contains(_account.Logs.Lines, line => line.Id.Id == 1102);
    }

    [Theory]
    [InlineData("invalid_client", "invalid client_id parameter")]
    [InlineData("invalid_scope", "invalid client_secret parameter")]
    public async Task FirstSecretRefusedForAnotherReason_TheNextIsNotTried(string error, string description)
    {
        _ims.Answer = _ => FakeIms.Json(HttpStatusCode.BadRequest, $$"""{"error":"{{error}}","error_description":"{{description}}"}""");

        var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());

        Assert.Equal(1, _ims.Requests);
        Assert.Equal(error, refused.ErrorCode);
        Assert.Equal(description, refused.ErrorDescription);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public async Task AllSecretsRefused_SaysSoWithTheDebugId()
    {
        _ims.Answer = _ =>
        {
            HttpResponseMessage response = FakeIms.WrongSecret();
            response.Headers.Add("X-Debug-Id", "debug-77");
            return response;
        };

        var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());

        Assert.Equal(2, _ims.Requests);
        Assert.Equal("debug-77", refused.DebugId);
        Assert.Contains("None of the 2 client secrets", refused.Message, StringComparison.Ordinal);
        Assert.Contains("debug-77", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretsChangedInTheOptions_ServeFromTheNextRefreshOnAndCostNoToken()
    {
        AccessToken first = await _account.GetTokenAsync();
        _secrets.Clear();
        _secrets.Add("third-secret-value");
        _account.Change.Signal();

        Assert.Equal(first.Value, (await _account.GetTokenAsync()).Value);
        Assert.Equal(1, _ims.Requests);

        _time.Advance(Day);
        await _account.GetTokenAsync();
        Assert.Equal("third-secret-value", _ims.Forms[^1]["client_secret"]);
    }

    [Fact]
    public async Task SecretsPutRightAfterAFailure_AreTriedAtOnce()
    {
        _ims.Answer = form => form["client_secret"] == "right-secret-value" ? null : FakeIms.WrongSecret();
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => _account.GetTokenAsync().AsTask());

        _secrets.Clear();
        _secrets.Add("right-secret-value");
        _account.Change.Signal();

        await _account.GetTokenAsync();
    }

    [Fact]
    public async Task ClientChangedInTheOptions_NoLongerServesTheOldClientsToken()
    {
        AccessToken first = await _account.GetTokenAsync();
        _client = "client-b";
        _account.Change.Signal();

        AccessToken next = await _account.GetTokenAsync();

        Assert.NotEqual(first.Value, next.Value);
        Assert.Equal("client-b", _ims.Forms[^1]["client_id"]);
        Assert.Equal("client-b", next.Identity?.ClientId);
    }
}
