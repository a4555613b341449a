using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.DependencyInjection;

/// <summary>Which settings and options are valid, and the error messages for the others.</summary>
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
    [InlineData("Endpoint", "")]
    [InlineData("Endpoint", " ")]
    [InlineData("ImsEndpoint", "")]
    [InlineData("OrganizationId", "")]
    [InlineData("ClientId", "")]
    [InlineData("ClientSecrets", "")]
    [InlineData("ClientSecrets:1", "")]
    [InlineData("Scopes", "")]
    [InlineData("Scopes:0", "")]
    [InlineData("UseDefaultScopes", "")]
    [InlineData("CredentialsFile", "")]
    [InlineData("PrivateKeyFile", "")]
    [InlineData("PrivateKeyPassphrase", "")]
    [InlineData("Throttling:MaxConcurrentRequests", "")]
    [InlineData("Retry:Delay", "")]
    [InlineData("Retry:RetryProcessOnServerError", "")]
    [InlineData("Journal:PageSize", "")]
    [InlineData("Journal:OnExpired", "")]
    public void Value_that_is_empty_is_not_absent(string key, string value) => Refused($"AssetCompute:{key} is empty", "remove the key", (key, value));

    [Theory]
    [InlineData("Retry", "x")]
    [InlineData("Retry", "")]
    [InlineData("Throttling", "false")]
    [InlineData("Journal", "00:00:10")]
    public void Value_for_a_section_is_an_error_that_names_it(string key, string value) =>
        Refused($"AssetCompute:{key} is a section, but has a value of {value.Length} characters", "", (key, value));

    [Theory]
    [InlineData("Endpoint:0", "https://service.example")]
    [InlineData("ClientId:Value", "c")]
    [InlineData("Retry:Delay:Seconds", "1")]
    [InlineData("Scopes:0:Name", "openid")]
    public void Section_for_a_value_is_an_error_that_names_it(string key, string value) =>
        Refused($"is a single value, but has settings below it (AssetCompute:{key})", $"AssetCompute:{key[..key.LastIndexOf(':')]} is a", (key, value));

    [Fact]
    public void Value_and_items_of_one_list_are_an_error() =>
        Refused("AssetCompute:Scopes has both a value and items (AssetCompute:Scopes:0)", "", ("Scopes", "openid"), ("Scopes:0", "AdobeID"));

    [Fact]
    public void List_as_one_text_is_split_and_one_secret_is_one()
    {
        using ServiceProvider provider = Bind(("OrganizationId", "o@AdobeOrg"), ("ClientId", "c"), ("ClientSecrets", "s,1"), ("Scopes", "openid, AdobeID,asset_compute"));

        AssetComputeOptions options = provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().CurrentValue;

        Assert.Equal(["s,1"], options.ClientSecrets);
        Assert.Equal(["openid", "AdobeID", "asset_compute"], options.Scopes);
    }

    [Fact]
    public void Several_keys_that_are_wrong_are_all_named()
    {
        using ServiceProvider provider = Bind(("Endpoint", ""), ("Retry:Delay", "1"), ("Scope", "x"));

        string message = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IAssetComputeClient>).Message;

        Assert.All(["AssetCompute:Endpoint is empty", "AssetCompute:Retry:Delay is '1'", "AssetCompute:Scope: there is no"], text => Assert.Contains(text, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Value_for_a_section_is_not_shown() =>
        Assert.DoesNotContain("p8e", Refused("AssetCompute:Journal", "16 characters", ("Journal", "p8e-Xq1w2E3r4T5y")), StringComparison.Ordinal);

    [Theory]
    [InlineData("AssetComput")]
    [InlineData("AssetCompute:Accounts:One")]
    public void Section_that_is_not_there_is_named(string path)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("AssetCompute:ClientId", "c")]).Build();
        ServiceCollection services = new();
        services.AddAssetCompute("one", configuration.GetSection(path));
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<IAssetComputeClient>("one"));

        Assert.Contains($"The configuration section '{path}' is empty or does not exist: check its name.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Section_that_is_not_there_is_no_error_where_code_sets_the_options()
    {
        ServiceCollection services = new();
        services.AddAssetCompute(new ConfigurationBuilder().Build().GetSection("AssetCompute"));
        services.AddAssetCompute(Valid);
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal("c", provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().CurrentValue.ClientId);
    }

    [Theory]
    [InlineData("Retry:MaxRetryAttempts", "1000")]
    [InlineData("Retry:Delay", "24:00:00")]
    [InlineData("Endpoint", "")]
    [InlineData("OrganizationId", "o")]
    [InlineData("Misspelt", "x")]
    public void Configuration_that_is_reloaded_and_not_valid_leaves_the_last_options_in_use_and_logs_once(string key, string value)
    {
        ReloadableSettings settings = new() { ["AssetCompute:OrganizationId"] = "o@AdobeOrg", ["AssetCompute:ClientId"] = "c", ["AssetCompute:ClientSecrets:0"] = "s" };
        IConfigurationRoot configuration = new ConfigurationBuilder().Add(settings).Build();
        ServiceCollection services = new();
        using Authentication.Account.LogCollector logs = new();
        services.AddLogging(logging => logging.AddProvider(logs));
        services.AddAssetCompute(configuration.GetSection("AssetCompute"));
        using ServiceProvider provider = services.BuildServiceProvider();
        IOptionsMonitor<AssetComputeOptions> options = provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>();
        AssetComputeOptions first = options.CurrentValue;

        string? former = settings[$"AssetCompute:{key}"];
        settings[$"AssetCompute:{key}"] = value;
        settings.Reload();
        settings.Reload();
        Assert.Same(first, options.CurrentValue);
        (_, _, string text) = Assert.Single(logs.Lines, static line => line.Level == LogLevel.Error);
        Assert.Contains("The last valid AssetComputeOptions of 'default' stay in use", text, StringComparison.Ordinal);
        Assert.Contains(key.Split(':')[^1], text, StringComparison.Ordinal);

        settings[$"AssetCompute:{key}"] = former;
        settings["AssetCompute:ClientId"] = "mended";
        settings.Reload();
        Assert.Equal("mended", options.CurrentValue.ClientId);
        Assert.Single(logs.Lines, static line => line.Level == LogLevel.Error);
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

    private static string Refused(string expected, string andExpected, params (string Key, string Value)[] settings)
    {
        using ServiceProvider provider = Bind([("OrganizationId", "o@AdobeOrg"), ("ClientId", "c"), ("ClientSecrets:0", "s"), .. settings]);

        string message = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IAssetComputeClient>).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(andExpected, message, StringComparison.Ordinal);
        return message;
    }

    private static ServiceProvider Bind(params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> values = [];
        foreach ((string key, string value) in settings)
        {
            values[$"AssetCompute:{key}"] = value;
        }

        // The value under test replaces the valid one.
        foreach (string list in settings.Where(static setting => setting.Key is "ClientSecrets").Select(static setting => setting.Key))
        {
            values.Remove($"AssetCompute:{list}:0");
        }

        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        ServiceCollection services = new();
        services.AddAssetCompute(configuration.GetSection("AssetCompute"));
        return services.BuildServiceProvider();
    }

    private sealed class ReloadableSettings : ConfigurationProvider, IConfigurationSource
    {
        public string? this[string key]
        {
            get => Data.TryGetValue(key, out string? value) ? value : null;
            set
            {
                if (value is null)
                {
                    Data.Remove(key);
                }
                else
                {
                    Data[key] = value;
                }
            }
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Reload() => OnReload();
    }
}
