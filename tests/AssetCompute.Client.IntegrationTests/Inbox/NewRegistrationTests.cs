using System.Text.Json.Nodes;
using AssetCompute.Client.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.IntegrationTests.Inbox;

/// <summary>Tests for a client that is registered again, and so gets another journal, while its journal is read into an inbox.</summary>
public class NewRegistrationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JournalInbox_ClientRegisteredAnew_ReadsTheNewJournalFromItsOldestEvent()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Client.RegisterAsync(Cancel);
        using IHost host = await StartAsync(account, ExpiredPositionPolicy.Oldest);
        IEventInbox inbox = host.Services.GetRequiredService<IEventInbox>();
        await PublishAndAwaitAsync(account, inbox, "before", events: 1);

        await account.Client.UnregisterAsync(Cancel);
        await account.Client.RegisterAsync(Cancel);
        await PublishAndAwaitAsync(account, inbox, "after", events: 2);

        await host.StopAsync(Cancel);
        JournalPosition? checkpoint = await inbox.LoadCheckpointAsync("journal", Cancel);
        using IHost next = await StartAsync(account, ExpiredPositionPolicy.Throw, inbox);
        await PublishAndAwaitAsync(account, inbox, "later", events: 3);
        Assert.NotEqual(checkpoint, await inbox.LoadCheckpointAsync("journal", Cancel));
        await next.StopAsync(Cancel);
    }

    [Fact]
    public async Task JournalInbox_ClientRegisteredAnew_EndsWhereSomebodyIsToDecide()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Client.RegisterAsync(Cancel);
        using IHost host = await StartAsync(account, ExpiredPositionPolicy.Throw);
        IEventInbox inbox = host.Services.GetRequiredService<IEventInbox>();
        await PublishAndAwaitAsync(account, inbox, "before", events: 1);
        JournalPosition? checkpoint = await inbox.LoadCheckpointAsync("journal", Cancel);
        BackgroundService reading = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Single();

        await account.Client.UnregisterAsync(Cancel);
        await account.Client.RegisterAsync(Cancel);

        JournalException ended = await Assert.ThrowsAsync<JournalException>(() => reading.ExecuteTask!.WaitAsync(TimeSpan.FromMinutes(5), Cancel));
        Assert.Contains("registered again", ended.Message, StringComparison.Ordinal);
        Assert.Equal(checkpoint, ended.Position);
        Assert.Equal(checkpoint, await inbox.LoadCheckpointAsync("journal", Cancel));
        Environment.ExitCode = 0;
    }

    private static async Task<IHost> StartAsync(EmulatedAccount account, ExpiredPositionPolicy onExpired, IEventInbox? inbox = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(inbox ?? new InMemoryEventInbox());
        builder.Services.Configure<HostOptions>(options => options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddAssetCompute(account.Configure).AddJournalInbox(configure: options =>
        {
            options.OnExpired = onExpired;
            options.LeaseDuration = TimeSpan.FromSeconds(1);
            options.RetryDelay = TimeSpan.FromMilliseconds(50);
        });
        IHost host = builder.Build();
        await host.StartAsync(Cancel);
        return host;
    }

    private static async Task PublishAndAwaitAsync(EmulatedAccount account, IEventInbox inbox, string id, int events)
    {
        account.Emulator.Publish(new JsonObject { ["type"] = "test", ["source"] = "urn:test", ["id"] = id, ["specversion"] = "1.0" });
        while ((await inbox.CountAsync(Cancel)).Waiting < events)
        {
            await Task.Delay(5, Cancel);
        }
    }
}
