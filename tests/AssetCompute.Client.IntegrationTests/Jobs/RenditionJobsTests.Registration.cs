using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Jobs;

/// <summary>Tests for journals that don't exist yet and for registrations that end.</summary>
public partial class RenditionJobsTests
{
    [Fact]
    public async Task RunAsync_JournalLate_WaitsUntilItIsReady()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        account.Emulator.Faults.Journal.ReadyAfter = TimeSpan.FromMilliseconds(500);

        RenditionJobResult result = await account.Client.Jobs.RunAsync(account.Request("a", 1), cancellationToken: Cancel);

        Assert.True(result.Succeeded);
        Assert.Contains(account.Emulator.Calls.Of(EmulatorOperation.Journal), call => call.Status == 404);
        Assert.DoesNotContain(
            account.Emulator.Calls.Of(EmulatorOperation.Process),
            call => call.Sequence < account.Emulator.Calls.Of(EmulatorOperation.Journal).First(read => read.Status < 300).Sequence);
    }

    [Fact]
    public async Task RunAsync_JournalNeverReady_SaysSo()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick, options => options.Journal.ReadinessTimeout = TimeSpan.FromMilliseconds(200));
        account.Emulator.Faults.Journal.ReadyAfter = TimeSpan.FromHours(1);

        JournalException exception = await Assert.ThrowsAsync<JournalException>(() => account.Client.Jobs.RunAsync(account.Request("a", 1), cancellationToken: Cancel));

        Assert.Contains(nameof(JournalOptions.ReadinessTimeout), exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, account.Emulator.Calls.Count(EmulatorOperation.Process));
    }

    [Fact]
    public async Task RunAsync_AfterTheRegistrationHasEnded_RegistersAnew()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        await account.Client.Jobs.RunAsync(account.Request("a", 1), cancellationToken: Cancel);
        await account.Client.UnregisterAsync(Cancel);

        RenditionJobResult result = await account.Client.Jobs.RunAsync(account.Request("b", 1), cancellationToken: Cancel);

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task RunAsync_ClientWasRegisteredAnewByAnother_ReadsTheNewJournal()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        await using AssetComputeClient other = EmulatedAccount.CreateClient(account.Emulator);
        await account.Client.Jobs.RunAsync(account.Request("a", 1), cancellationToken: Cancel);
        await other.UnregisterAsync(Cancel);
        await other.RegisterAsync(Cancel);

        RenditionJobResult next = await account.Client.Jobs.RunAsync(account.Request("b", 1), cancellationToken: Cancel).WaitAsync(TimeSpan.FromMinutes(5), Cancel);
        List<RenditionJobResult> many = await account.Client.Jobs.RunManyAsync(account.Requests(20), cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.True(next.Succeeded);
        Assert.All(many, result => Assert.True(result.Succeeded, result.ToString()));
    }

    [Fact]
    public async Task RunAsync_ClientIsRegisteredAnewWhileAJobWaits_GetsTheEventsOfTheNewJournal()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(Quick);
        account.Emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromSeconds(1)));
        await using AssetComputeClient other = EmulatedAccount.CreateClient(account.Emulator);
        Task<RenditionJobResult> waiting = account.Client.Jobs.RunAsync(account.Request("a", 1), cancellationToken: Cancel);
        await account.Emulator.Calls.WaitAsync(call => call.Operation == EmulatorOperation.Process, Cancel);

        await other.UnregisterAsync(Cancel);
        await other.RegisterAsync(Cancel);

        Assert.True((await waiting.WaitAsync(TimeSpan.FromMinutes(5), Cancel)).Succeeded);
    }
}
