using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.IntegrationTests.Inbox;

/// <summary>Runs the code samples of docs/inbox.md.</summary>
public sealed class DocumentedInbox : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inbox-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Host_JournalInboxAndWorkers_HandleEachEventOnce()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Client.RegisterAsync(Cancel);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder.FullName });

        builder.Services.AddSqliteInbox("data/inbox.db");
        builder.Services
            .AddAssetCompute(builder.Configuration.GetSection("AssetCompute"))
            .AddJournalInbox();
        builder.Services.AddInboxWorkers<CopyingHandler>(options => options.MaxParallelism = 8);

        builder.Services.AddHealthChecks().AddInbox().AddJournal("journal");

        AssetCopies copies = new();
        builder.Services.AddSingleton(copies);
        builder.Services.PostConfigure<AssetComputeOptions>(account.Configure);
        using IHost host = builder.Build();
        await host.StartAsync(Cancel);
        for (int i = 0; i < 200; i++)
        {
            // Each event is published twice, like an event that arrives by webhook and by journal. The last one contains no path.
            account.Emulator.Publish(new JsonObject
            {
                ["type"] = "aem.assets.asset.published",
                ["source"] = "urn:test",
                ["id"] = $"{i / 2}",
                ["specversion"] = "1.0",
                ["data"] = new JsonObject
                {
                    ["assetId"] = $"urn:aaid:aem:{i / 2}",
                    ["repositoryMetadata"] = i / 2 == 99 ? [] : new JsonObject { ["repo:path"] = $"/content/dam/{i / 2}.jpg" },
                },
            });
        }

        IEventInbox inbox = host.Services.GetRequiredService<IEventInbox>();
        while ((await inbox.CountAsync(Cancel)).Completed < 99 || (await inbox.CountAsync(Cancel)).DeadLetters < 1)
        {
            await Task.Delay(5, Cancel);
        }

        HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal(99L, health.Entries["inbox"].Data["completed"]);
        Assert.Equal(Enumerable.Range(0, 99).Select(i => $"/content/dam/{i}.jpg").Order(), copies.Copied.Order());
        InboxDeadLetter dead = Assert.Single(await inbox.ReadDeadLettersAsync(maxCount: 100, Cancel));
        Assert.Equal(("urn:test 99", 1, "the event names no asset"), (dead.Id, dead.Attempts, dead.Reason));

        await RequeueAsync(inbox, Cancel);
        while ((await inbox.CountAsync(Cancel)).DeadLetters < 1)
        {
            await Task.Delay(5, Cancel);
        }

        await host.StopAsync(Cancel);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "data", "inbox.db")));
    }

    [Fact]
    public async Task Host_WithoutAnInbox_SaysWhatIsMissing()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddInboxWorkers<CopyingHandler>();
        using IHost host = builder.Build();

        Assert.Throws<InvalidOperationException>(() => builder.Services.AddInboxWorkers<CopyingHandler>());
        Exception? failure = await Record.ExceptionAsync(() => host.RunAsync(Cancel));

        Assert.Contains("AddSqliteInbox", Assert.IsType<InvalidOperationException>(failure is AggregateException all ? all.InnerExceptions[0] : failure).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_OptionsOutOfTheirRange_AreNamedAtTheStart()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IEventInbox>(new InMemoryEventInbox());
        builder.Services.AddInboxWorkers<CopyingHandler>(options =>
        {
            options.MaxParallelism = 0;
            options.VisibilityTimeout = TimeSpan.Zero;
            options.MaxAttempts = 0;
            options.RetryDelay = TimeSpan.FromTicks(-1);
            options.MaxRetryDelay = TimeSpan.FromDays(2);
            options.PollInterval = TimeSpan.Zero;
            options.Retention = TimeSpan.FromTicks(-1);
            options.DrainTimeout = TimeSpan.FromDays(2);
        });

        string message = await FailureAtTheStartAsync(builder);

        Assert.All(typeof(InboxWorkerOptions).GetProperties(), property => Assert.Contains($"InboxWorkerOptions: {property.Name} must ", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_JournalOptionsOutOfTheirRange_AreNamedAtTheStart()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IEventInbox>(new InMemoryEventInbox());
        builder.Services.AddAssetCompute(options => options.UseEmulator(new Uri("http://127.0.0.1:1"))).AddJournalInbox(configure: options => options.LeaseDuration = TimeSpan.Zero);

        Assert.Contains(nameof(JournalRelayOptions.LeaseDuration), await FailureAtTheStartAsync(builder), StringComparison.Ordinal);
    }

    private static async Task<string> FailureAtTheStartAsync(HostApplicationBuilder builder)
    {
        using IHost host = builder.Build();
        Exception? failure = await Record.ExceptionAsync(() => host.StartAsync(Cancel));
        return failure is AggregateException all ? string.Join('\n', all.InnerExceptions.Select(inner => inner.Message)) : failure!.Message;
    }

    private static async Task RequeueAsync(IEventInbox inbox, CancellationToken cancellationToken)
    {
        foreach (InboxDeadLetter letter in await inbox.ReadDeadLettersAsync(maxCount: 100, cancellationToken))
        {
            Console.WriteLine($"{letter.Id} (attempts: {letter.Attempts}): {letter.Reason}");
            await inbox.RequeueAsync(letter.Id, cancellationToken);
        }
    }

    internal sealed class CopyingHandler(AssetCopies copies) : IInboxHandler
    {
        public async ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
        {
            if (delivery.Event is not AemAssetPublished published)
            {
                return; // not for us: returning completes it
            }

            if (published.Path is not { } path)
            {
                throw new InboxRejectException("the event names no asset"); // a dead letter at once
            }

            if (await copies.CopyAsync(path, cancellationToken) is { } retryAfter)
            {
                throw new InboxRetryException(retryAfter, "the target is throttled"); // again after this time
            }
        }
    }

    /// <summary>Represents the reader's code.</summary>
    internal sealed class AssetCopies
    {
        public ConcurrentBag<string> Copied { get; } = [];

        public ValueTask<TimeSpan?> CopyAsync(string path, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Copied.Add(path);
            return new((TimeSpan?)null);
        }
    }
}
