using System.Net;
using AssetCompute.Client.Webhooks;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.AspNetCore.Tests;

public sealed partial class MapAdobeEventsTests
{
    [Fact]
    public async Task Post_UnderAFallbackPolicy_NeedsNoUser()
    {
        await using WebhookApp app = await WebhookApp.StartAsync(
            services: services =>
            {
                services.AddAuthentication();
                services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            },
            map: app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapAdobeEvents("/events");
            });

        using HttpResponseMessage answer = await app.PostAsync(WebhookApp.Event);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task MapAdobeEvents_WhatIsMissing_IsNamed()
    {
        await using WebApplication bare = WebApplication.CreateSlimBuilder().Build();
        Assert.Contains("AddAdobeWebhooks", Assert.Throws<InvalidOperationException>(() => bare.MapAdobeEvents("/events", (_, _) => default)).Message, StringComparison.Ordinal);

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddAdobeWebhooks();
        await using WebApplication app = builder.Build();
        Assert.Contains("IEventInbox", Assert.Throws<InvalidOperationException>(() => app.MapAdobeEvents("/events")).Message, StringComparison.Ordinal);
        Assert.Contains("ClientId is missing", Assert.Throws<OptionsValidationException>(() => app.MapAdobeEvents("/events", (_, _) => default)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AddWebhooks_OfAnAccount_TakesItsClientId()
    {
        ServiceCollection services = new();
        services.AddAssetCompute("mine", options =>
        {
            options.OrganizationId = "o@AdobeOrg";
            options.ClientId = "me";
            options.ClientSecrets.Add("s");
        }).AddWebhooks();
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal("me", provider.GetRequiredService<IOptionsMonitor<WebhookOptions>>().Get("mine").ClientId);
    }

    [Fact]
    public void Dispose_OfAProviderThatIsNotAwaited_DoesNotThrow()
    {
        using ServiceProvider provider = new ServiceCollection().AddAdobeWebhooks(options => options.ClientId = "me").Services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredKeyedService<WebhookReceiver>(""));
    }
}
