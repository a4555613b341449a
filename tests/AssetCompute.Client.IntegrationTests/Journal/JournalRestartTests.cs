using System.Text.Json.Nodes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Journal;

/// <summary>Tests for an emulator without a data folder, which has another journal after each start, and clients with positions in the old one.</summary>
public class JournalRestartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_AfterARestartOfTheEmulator_ReadsOnByItself()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        JournalPosition old = await PositionAsync(account);
        await using AssetComputeEmulator again = await RestartAsync(account);
        JournalReadOptions options = new() { StopWhenCaughtUp = true };

        // One client still has the state of the old journal. Another client starts with a stored position.
        List<JournalEntry> goneOn = await account.Client.Journal.ReadAsync(old, options, Cancel).ToListAsync(Cancel);
        await using AssetComputeClient started = EmulatedAccount.CreateClient(again);
        List<JournalEntry> fromStored = await started.Journal.ReadAsync(old, options, Cancel).ToListAsync(Cancel);

        Assert.Equal("new", NameOf(Assert.Single(goneOn)));
        Assert.Equal("new", NameOf(Assert.Single(fromStored)));
    }

    [Fact]
    public async Task ReadAsync_WhileTheEmulatorRestarts_GoesOnWithTheNewJournal()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Client.RegisterAsync(Cancel);
        account.Emulator.Publish(Event("old"));
        AssetComputeEmulator? again = null;
        List<string> names = [];

        await foreach (JournalEntry entry in account.Client.Journal.ReadAsync(cancellationToken: Cancel))
        {
            names.Add(NameOf(entry));
            if (names.Count == 2)
            {
                break;
            }

            again = await RestartAsync(account);
        }

        Assert.Equal(["old", "new"], names);
        await again!.DisposeAsync();
    }

    [Fact]
    public async Task ReadAsync_AfterARestartWithoutReadingOn_NamesTheConfigurationKey()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(configureClient: options => options.Journal.OnExpired = ExpiredPositionPolicy.Throw);
        JournalPosition old = await PositionAsync(account);
        await using AssetComputeEmulator again = await RestartAsync(account);
        await using AssetComputeClient started = EmulatedAccount.CreateClient(again, options => options.Journal.OnExpired = ExpiredPositionPolicy.Throw);

        foreach (AssetComputeClient client in new[] { account.Client, started })
        {
            JournalException exception = await Assert.ThrowsAnyAsync<JournalException>(async () => await client.Journal.ReadAsync(old, cancellationToken: Cancel).ToListAsync(Cancel));

            Assert.Contains("AssetCompute:Journal:OnExpired", exception.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<JournalPosition> PositionAsync(EmulatedAccount account)
    {
        await account.Client.RegisterAsync(Cancel);
        account.Emulator.Publish(Event("old"));
        return (await account.Client.Journal.ReadAsync(default, new JournalReadOptions { StopWhenCaughtUp = true }, Cancel).ToListAsync(Cancel))[^1].Position;
    }

    /// <summary>Starts another emulator at the same address with one event in its journal.</summary>
    private static async Task<AssetComputeEmulator> RestartAsync(EmulatedAccount account)
    {
        int port = account.Emulator.Endpoint.Port;
        await account.Emulator.DisposeAsync();
        AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Port = port;
                options.Journal.RetryAfter = TimeSpan.Zero;
            },
            Cancel);
        await using AssetComputeClient other = EmulatedAccount.CreateClient(emulator);
        await other.RegisterAsync(Cancel);
        emulator.Publish(Event("new"));
        return emulator;
    }

    private static JsonObject Event(string name) => new() { ["type"] = "test", ["name"] = name };

    private static string NameOf(JournalEntry entry) => ((UnknownEvent)entry.Event).Json.GetProperty("name").GetString()!;
}
