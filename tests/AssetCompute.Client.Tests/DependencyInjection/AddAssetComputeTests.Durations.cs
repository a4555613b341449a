using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.DependencyInjection;

public partial class AddAssetComputeTests
{
    [Theory]
    [InlineData("Retry:MaxRetryAfter", "24:00:00", "For 24 hours write '1.00:00:00'.")]
    [InlineData("Retry:TotalTimeout", "48:00", "For 48 hours write '2.00:00:00'.")]
    [InlineData("Retry:Delay", "1", "For 1 second write '00:00:01'.")]
    [InlineData("Journal:PollInterval", "10", "For 10 seconds write '00:00:10'.")]
    [InlineData("Journal:ReadTimeout", "30s", "must be [days.]hours:minutes:seconds")]
    [InlineData("Journal:ReadinessTimeout", "00:00:90", "must be [days.]hours:minutes:seconds")]
    [InlineData("Journal:MaxRetryDelay", "PT30S", "must be [days.]hours:minutes:seconds")]
    [InlineData("Retry:AttemptTimeout", "0.5", "must be [days.]hours:minutes:seconds")]
    public void Duration_that_dotnet_reads_otherwise_than_it_is_meant_is_an_error(string key, string value, string expected) =>
        Refused(expected, $"AssetCompute:{key} is '{value}', which is not a duration", (key, value));

    [Theory]
    [InlineData("00:00:01", 1)]
    [InlineData("0:01", 60)]
    [InlineData("00:00:01.5", 1.5)]
    [InlineData("1.00:00:00", 86400)]
    [InlineData(" 23:59:59 ", 86399)]
    public void Duration_in_its_form_is_taken(string value, double seconds)
    {
        using ServiceProvider provider = Bind(("OrganizationId", "o@AdobeOrg"), ("ClientId", "c"), ("ClientSecrets:0", "s"), ("Journal:MaxRetryAfter", value));

        Assert.Equal(TimeSpan.FromSeconds(seconds), provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().CurrentValue.Journal.MaxRetryAfter);
    }
}
