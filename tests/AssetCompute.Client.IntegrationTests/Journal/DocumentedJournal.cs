using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.IntegrationTests.Journal;

/// <summary>Runs the code samples of docs/journal.md that aren't part of a sample.</summary>
public class DocumentedJournal
{
    [Fact]
    public async Task Reading()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None);
        IRenditionJobs jobs = account.Client.Jobs;
        IJournalReader journal = account.Client.Journal;
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        CancellationToken cancellationToken = source.Token;
        IAsyncEnumerable<ProcessRequest> requests = account.Requests(3);

        await foreach (RenditionJobResult result in jobs.RunManyAsync(requests, new RenditionJobOptions { MaxInFlight = 100 }, cancellationToken))
        {
            Console.WriteLine(result.Succeeded ? $"{result.RequestId} done" : $"{result.RequestId}: {result.Error?.Message ?? "a rendition failed"}");
        }

        byte[] saved = jobs.TakeSnapshot().ToJson();

        Assert.Empty(RenditionJobsSnapshot.FromJson(saved).Jobs);

        JournalReadOptions options = new()
        {
            OnExpired = ExpiredPositionPolicy.Oldest,
            OnNotice = notice => Console.WriteLine(notice switch
            {
                JournalRetrying retrying => $"failed {retrying.Failures} times in a row, again in {retrying.Delay}: {retrying.Exception.Message}",
                JournalGap gap => $"events between {gap.Expired} and {gap.Position} have expired",
                JournalCaughtUp => "nothing new",
                _ => notice.ToString(),
            }),
        };

        options.StopWhenCaughtUp = true;
        Assert.Equal(9, await journal.ReadAsync(options: options, cancellationToken: cancellationToken).CountAsync(cancellationToken));

        source.CancelAfter(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (JournalEntry entry in journal.ReadAsync(JournalPosition.Ago(TimeSpan.FromHours(2)), cancellationToken: cancellationToken))
            {
                if (entry.Event is RenditionFailed failed)
                {
                    Console.WriteLine($"{entry.Position}: {failed.Rendition.Name} failed: {failed.Reason}");
                }
            }
        });
    }

    [Fact]
    public void Registration()
    {
        ServiceCollection services = new();

        services.AddSingleton<IJournalCheckpointStore>(new FileJournalCheckpointStore("/var/lib/my-worker"));
        services.AddHealthChecks().AddJournal("renditions");

        Assert.Contains(services, service => service.ServiceType == typeof(IJournalCheckpointStore));
        Assert.Contains(services, service => service.ServiceType == typeof(HealthCheckService));
    }
}
