using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.IntegrationTests.Journal;

/// <summary>Tests for handlers and checkpoint stores that fail.</summary>
public class JournalProcessorFailureTests : JournalProcessorScenario
{
    [Fact]
    public async Task Run_HandlerFailsAtFirst_TriesAgain()
    {
        await using EmulatedAccount account = await StartAsync(events: 5);
        int failures = 2;

        await RunUntilAsync(account, () => Handled.Count == 5, handle: (index, _) =>
            index == 2 && failures-- > 0 ? throw new InvalidOperationException("not yet") : Task.CompletedTask);

        Assert.Equal(Enumerable.Range(0, 5), Handled);
    }

    [Fact]
    public async Task Run_EveryAttemptFails_HandsTheEventToTheDeadLetters()
    {
        await using EmulatedAccount account = await StartAsync(events: 5);
        List<JournalDeadLetter> letters = [];

        await RunUntilAsync(
            account,
            () => Handled.Count == 4,
            options =>
            {
                options.MaxAttempts = 3;
                options.OnDeadLetter = (letter, _) =>
                {
                    letters.Add(letter);
                    return default;
                };
            },
            (index, _) => index == 2 ? throw new InvalidOperationException("never") : Task.CompletedTask);

        JournalDeadLetter letter = Assert.Single(letters);
        Assert.Equal(2, Index(Assert.Single(letter.Entries)));
        Assert.Equal(3, letter.Attempts);
        Assert.Equal("never", letter.Exception.Message);
        Assert.Equal([0, 1, 3, 4], Handled);
    }

    [Fact]
    public async Task Run_EveryAttemptFailsAndNobodyTakesDeadLetters_EndsBeforeTheEvent()
    {
        await using EmulatedAccount account = await StartAsync(events: 5);
        using IHost host = Host(account, options => options.MaxAttempts = 2, (index, _) => index == 2 ? throw new InvalidOperationException("never") : Task.CompletedTask);

        await host.StartAsync(Cancel);
        await host.WaitForShutdownAsync(Cancel);

        HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal("never", health.Entries["test"].Exception!.Message);
        await RunUntilAsync(account, () => Handled.Contains(4));
        Assert.Equal(Enumerable.Range(0, 5), Handled);
    }

    [Fact]
    public async Task Run_DiskFullAndThenNot_EndsWithAClearErrorAndLosesNothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("journal-full-");
        string next = Path.Combine(folder.FullName, "test.checkpoint.next");
        File.CreateSymbolicLink(next, "/dev/full");
        await using EmulatedAccount account = await StartAsync(events: 30);
        using (FileJournalCheckpointStore full = new(folder.FullName))
        {
            JournalCheckpointException error = await FailAsync(account, full);
            Assert.Contains("will be handled again", error.Message, StringComparison.Ordinal);
        }

        // No checkpoint was saved, so all events are handled again.
        File.Delete(next);
        Handled.Clear();
        using FileJournalCheckpointStore store = new(folder.FullName);
        using IHost host = Host(account, store: store);
        await host.StartAsync(Cancel);
        while (Handled.Count < 30)
        {
            await Task.Delay(2, Cancel);
        }

        await host.StopAsync(Cancel);
        Assert.Equal(Enumerable.Range(0, 30), Handled);
        Assert.NotNull(await store.LoadAsync("test", Cancel));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Run_ReadOnlyFolder_EndsWithAClearErrorBeforeAnyEvent()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Needs a file system that nobody can write to.");
        await using EmulatedAccount account = await StartAsync(events: 3);
        using FileJournalCheckpointStore store = new("/proc/checkpoints");

        JournalCheckpointException error = await FailAsync(account, store);

        Assert.Contains("/proc/checkpoints", error.Message, StringComparison.Ordinal);
        Assert.Empty(Handled);
    }

    private async Task<JournalCheckpointException> FailAsync(EmulatedAccount account, IJournalCheckpointStore store)
    {
        using IHost host = Host(account, store: store);
        await host.StartAsync(Cancel);
        await host.WaitForShutdownAsync(Cancel);
        HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        return Assert.IsType<JournalCheckpointException>(health.Entries["test"].Exception);
    }
}
