using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.DependencyInjection;

/// <summary>Accounts configured with a connection string.</summary>
public sealed class AddAssetComputeClientTests
{
    private const string Complete = "Endpoint=https://service.example;ImsEndpoint=https://ims.example;OrganizationId=o@AdobeOrg;ClientId=c;ClientSecret=\"s;1=\";Scopes=a,b";

    [Fact]
    public void Connection_string_sets_the_options_it_names()
    {
        AssetComputeOptions options = Read([("ConnectionStrings:assets", Complete)]);

        Assert.Equal(new Uri("https://service.example"), options.Endpoint);
        Assert.Equal(new Uri("https://ims.example"), options.ImsEndpoint);
        Assert.Equal("o@AdobeOrg", options.OrganizationId);
        Assert.Equal("c", options.ClientId);
        Assert.Equal(["s;1="], options.ClientSecrets);
        Assert.Equal(["a", "b"], options.Scopes);
    }

    [Fact]
    public void Connection_string_goes_before_the_section_and_code_before_both()
    {
        AssetComputeOptions options = Read(
            [
                ("ConnectionStrings:assets", "clientid=of-connection;ClientSecret=of-connection"),
                ("AssetCompute:OrganizationId", "of-section@AdobeOrg"),
                ("AssetCompute:ClientId", "of-section"),
                ("AssetCompute:ClientSecrets:0", "of-section"),
                ("AssetCompute:Journal:PageSize", "7"),
            ],
            static options => options.Retry.MaxRetryAttempts = 1);

        Assert.Equal("of-section@AdobeOrg", options.OrganizationId);
        Assert.Equal("of-connection", options.ClientId);
        Assert.Equal(["of-connection"], options.ClientSecrets);
        Assert.Equal(7, options.Journal.PageSize);
        Assert.Equal(1, options.Retry.MaxRetryAttempts);
    }

    [Fact]
    public void Section_alone_is_enough() =>
        Assert.Equal("c", Read([("AssetCompute:OrganizationId", "o@AdobeOrg"), ("AssetCompute:ClientId", "c"), ("AssetCompute:ClientSecrets", "s")]).ClientId);

    [Theory]
    [InlineData(null, "The connection string 'assets' is missing: set ConnectionStrings:assets, or the section AssetCompute")]
    [InlineData("", "The connection string 'assets' is missing")]
    [InlineData("https://service.example", "'assets' is not of the form 'key=value;key=value'")]
    [InlineData("Endpoint=https://service.example;Secret=hidden", "ConnectionStrings:assets:secret: there is no such setting. Under ConnectionStrings:assets there are Endpoint, ImsEndpoint, OrganizationId, ClientId, ClientSecret, Scopes")]
    [InlineData("ClientId=\" \";ClientSecret=hidden", "ConnectionStrings:assets:clientid is empty")]
    [InlineData("ClientSecret='hidden", "is not of the form")]
    public void Connection_string_that_is_missing_or_wrong_is_named_and_never_shown(string? text, string expected)
    {
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => Read([("ConnectionStrings:assets", text)]));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Endpoint=service;ClientSecret=hidden", "Endpoint must be an absolute https URL")]
    [InlineData("ImsEndpoint=hidden", "ImsEndpoint must be an absolute https URL")]
    public void Url_of_a_connection_string_that_is_not_valid_is_named_and_never_shown(string text, string expected)
    {
        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => Read([("ConnectionStrings:assets", text)]));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_a_connection_string_are_checked_like_all_others() =>
        Assert.Contains("ClientSecrets is missing", Assert.Throws<OptionsValidationException>(() => Read([("ConnectionStrings:assets", "OrganizationId=o@AdobeOrg;ClientId=c")])).Message, StringComparison.Ordinal);

    [Fact]
    public void Keyed_accounts_stand_side_by_side()
    {
        HostApplicationBuilder builder = Builder([("ConnectionStrings:one", Complete), ("ConnectionStrings:two", Complete.Replace("ClientId=c", "ClientId=d", StringComparison.Ordinal)), ("AssetCompute:two:Journal:PageSize", "9")]);
        builder.AddKeyedAssetComputeClient("one");
        builder.AddKeyedAssetComputeClient("two");
        using IHost host = builder.Build();
        IOptionsMonitor<AssetComputeOptions> options = host.Services.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>();

        Assert.Equal(("c", "d"), (options.Get("one").ClientId, options.Get("two").ClientId));
        Assert.Equal((null, 9), (options.Get("one").Journal.PageSize, options.Get("two").Journal.PageSize));
        Assert.NotSame(host.Services.GetRequiredKeyedService<IAssetComputeClient>("one"), host.Services.GetRequiredKeyedService<IAssetComputeClient>("two"));
    }

    [Fact]
    public void Connection_string_that_changes_is_read_anew()
    {
        HostApplicationBuilder builder = Builder([("ConnectionStrings:assets", Complete)]);
        builder.AddAssetComputeClient("assets");
        using IHost host = builder.Build();
        IOptionsMonitor<AssetComputeOptions> options = host.Services.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>();
        Assert.Equal("c", options.CurrentValue.ClientId);

        builder.Configuration["ConnectionStrings:assets"] = Complete.Replace("ClientId=c", "ClientId=d", StringComparison.Ordinal);
        ((IConfigurationRoot)builder.Configuration).Reload();

        Assert.Equal("d", options.CurrentValue.ClientId);
    }

    [Fact]
    public void Arguments_that_are_missing_are_named()
    {
        Assert.Throws<ArgumentNullException>("builder", () => ((IHostApplicationBuilder)null!).AddAssetComputeClient("assets"));
        Assert.Throws<ArgumentException>("connectionName", () => Builder([]).AddAssetComputeClient(""));
    }

    private static AssetComputeOptions Read((string Key, string? Value)[] settings, Action<AssetComputeOptions>? configure = null)
    {
        HostApplicationBuilder builder = Builder(settings);
        builder.AddAssetComputeClient("assets", configure);
        using IHost host = builder.Build();
        return host.Services.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().CurrentValue;
    }

    private static HostApplicationBuilder Builder((string Key, string? Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value)));
        return builder;
    }
}
