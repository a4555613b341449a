using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Tests.DependencyInjection;

public partial class AddAssetComputeTests
{
    [Theory]
    [InlineData(null, "asset-compute")]
    [InlineData("one", "asset-compute-one")]
    public async Task Health_check_of_an_account_says_whether_it_can_sign_in(string? name, string check)
    {
        ServiceCollection services = new();
        services.AddLogging();
        FailingToken tokens = new();
        services.AddAssetCompute(name ?? "", Valid).AddAccessTokenProvider(_ => tokens);
        services.AddHealthChecks().AddAssetCompute(name, HealthStatus.Degraded);
        using ServiceProvider provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();

        HealthReportEntry good = Assert.Single((await health.CheckHealthAsync(Cancellation)).Entries, entry => entry.Key == check).Value;
        Assert.Equal(HealthStatus.Healthy, good.Status);
        Assert.Equal("c", good.Data["clientId"]);
        Assert.DoesNotContain(good.Data.Values, value => value.ToString()!.Contains("the-token", StringComparison.Ordinal));

        tokens.Fails = true;
        HealthReportEntry bad = Assert.Single((await health.CheckHealthAsync(Cancellation)).Entries).Value;
        Assert.Equal(HealthStatus.Degraded, bad.Status);
        Assert.Equal("The vault is closed.", bad.Description);
    }

    [Fact]
    public async Task Health_check_of_an_account_that_is_not_registered_says_so()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddHealthChecks().AddAssetCompute("one");
        using ServiceProvider provider = services.BuildServiceProvider();

        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation));

        Assert.Contains("There is no account 'one'", exception.Message, StringComparison.Ordinal);
    }

    private sealed class FailingToken : IAccessTokenProvider
    {
        public bool Fails { get; set; }

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) =>
            Fails ? throw new AssetComputeAuthenticationException("The vault is closed.") : new(new AccessToken("the-token", DateTimeOffset.MaxValue));
    }
}
