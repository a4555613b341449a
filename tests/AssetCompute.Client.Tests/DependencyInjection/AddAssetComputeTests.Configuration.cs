using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.DependencyInjection;

/// <summary>What settings and options are taken, and what is said of the others.</summary>
public partial class AddAssetComputeTests
{
    [Fact]
    public void Configuration_is_bound_by_the_names_of_the_options()
    {
        using ServiceProvider provider = Bind(
            ("Endpoint", "https://service.example/base"),
            ("ImsEndpoint", "https://ims.example"),
            ("OrganizationId", "o@AdobeOrg"),
            ("ClientId", "c"),
            ("ClientSecrets:0", "s1"),
            ("ClientSecrets:1", "s2"),
            ("Scopes:0", "openid"),
            ("Retry:MaxRetryAttempts", "9"),
            ("Retry:TotalTimeout", "00:10:00"),
            ("Retry:RetryProcessOnServerError", "false"),
            ("Throttling:MaxConcurrentRequests", "7"),
            ("Journal:PageSize", "50"),
            ("Journal:OnExpired", "Oldest"));

        AssetComputeOptions options = provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().CurrentValue;

        Assert.Equal(new Uri("https://service.example/base"), options.Endpoint);
        Assert.Equal(["s1", "s2"], options.ClientSecrets);
        Assert.Equal(["openid"], options.Scopes);
        Assert.Equal(9, options.Retry.MaxRetryAttempts);
        Assert.Equal(TimeSpan.FromMinutes(10), options.Retry.TotalTimeout);
        Assert.False(options.Retry.RetryProcessOnServerError);
        Assert.Equal(7, options.Throttling.MaxConcurrentRequests);
        Assert.Equal(50, options.Journal.PageSize);
        Assert.Equal(ExpiredPositionPolicy.Oldest, options.Journal.OnExpired);
    }

    [Theory]
    [InlineData("ClientSecret", "s", "ClientSecrets")]
    [InlineData("Retry:MaxRetries", "3", "MaxRetryAttempts")]
    [InlineData("Throttling:MaxConcurrency", "3", "MaxConcurrentRequests")]
    [InlineData("Journal:Pagesizes", "3", "PageSize")]
    public void Configuration_key_that_nobody_knows_is_an_error_that_names_it_and_what_there_is(string key, string value, string meant)
    {
        using ServiceProvider provider = Bind(("OrganizationId", "o@AdobeOrg"), ("ClientId", "c"), ("ClientSecrets:0", "s"), (key, value));

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IAssetComputeClient>);

        Assert.Contains($":{key}: there is no such setting", exception.Message, StringComparison.Ordinal);
        Assert.Contains($" {meant},", exception.Message.Replace('.', ','), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Endpoint", "http://service.example")]
    [InlineData("Endpoint", "https://service.example/?x=1")]
    [InlineData("ImsEndpoint", "ftp://ims.example")]
    [InlineData("Retry:MaxRetryAttempts", "-1")]
    [InlineData("Retry:MaxRetryAttempts", "101")]
    [InlineData("Retry:Delay", "00:00:00")]
    [InlineData("Retry:Delay", "00:01:00")]
    [InlineData("Retry:MaxDelay", "2.00:00:00")]
    [InlineData("Retry:MaxRetryAfter", "-00:00:01")]
    [InlineData("Retry:AttemptTimeout", "00:00:00.001")]
    [InlineData("Retry:TotalTimeout", "00:00:29")]
    [InlineData("Throttling:MaxConcurrentRequests", "0")]
    [InlineData("Journal:PageSize", "0")]
    [InlineData("Journal:PollInterval", "00:00:00")]
    [InlineData("Journal:MaxPollInterval", "00:00:01")]
    [InlineData("Journal:MaxRetryAfter", "-00:00:01")]
    [InlineData("Journal:ReadTimeout", "00:00:00")]
    [InlineData("Journal:MaxRetryDelay", "00:00:00.5")]
    [InlineData("Journal:MaxConsecutiveFailures", "0")]
    [InlineData("Journal:MaxEventBytes", "10")]
    [InlineData("Journal:OnExpired", "7")]
    [InlineData("Journal:ReadinessTimeout", "-00:00:01")]
    public void Option_out_of_range_is_named_with_what_it_allows(string key, string value)
    {
        using ServiceProvider provider = Bind(("OrganizationId", "o@AdobeOrg"), ("ClientId", "c"), ("ClientSecrets:0", "s"), (key, value));

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IAssetComputeClient>);

        Assert.Contains(exception.Failures, failure => failure.StartsWith($"AssetComputeOptions: {key.Replace(':', '.')} must", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_options_out_of_range_are_all_named_with_the_account()
    {
        ServiceCollection services = new();
        services.AddAssetCompute("second", options =>
        {
            Valid(options);
            options.Retry.MaxRetryAttempts = 1000;
            options.Journal.PageSize = -1;
        });
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(2, exception.Failures.Count());
        Assert.All(exception.Failures, failure => Assert.StartsWith("AssetComputeOptions of account 'second': ", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_to_sign_in_with_is_an_error_at_start()
    {
        ServiceCollection services = new();
        services.AddAssetCompute("second", options =>
        {
            options.ClientId = "c";
            options.OrganizationId = "o@AdobeOrg";
        });
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
    }

    private static ServiceProvider Bind(params (string Key, string Value)[] settings)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>("AssetCompute:" + setting.Key, setting.Value)))
            .Build();
        ServiceCollection services = new();
        services.AddAssetCompute(configuration.GetSection("AssetCompute"));
        return services.BuildServiceProvider();
    }
}
