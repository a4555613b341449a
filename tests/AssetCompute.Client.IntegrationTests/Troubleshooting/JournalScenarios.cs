using System.Text.Json.Nodes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

internal static class JournalScenarios
{
    public static Dictionary<string, Func<Task<string>>> All { get; } = new()
    {
        ["JournalException: Reading the journal failed … times in a row"] = () => FaultAsync(EmulatorFault.Answer(503)),
        ["JournalException: The journal position has expired"] = () => FaultAsync(EmulatorFault.Answer(410)),
        ["a next link to another host, which is not followed"] = () => FaultAsync(new EmulatorFault
        {
            Status = 200,
            Headers = new Dictionary<string, string> { ["Link"] = "<https://journal.example/events>; rel=\"next\"" },
            Body = """{"events":[],"_page":{"count":0}}""",
        }),
        ["JournalEventSkipped"] = () => NoticeAsync<JournalEventSkipped>(options => options.Journal.MaxEventBytes = 1024, new JsonObject { ["type"] = "large", ["text"] = new string('x', 4096) }),
        ["JournalRetrying"] = () => NoticeAsync<JournalRetrying>(fault: EmulatorFault.Answer(503)),
        ["UnknownEvent"] = async () =>
        {
            await using EmulatedAccount account = await RegisteredAsync();
            account.Emulator.Publish(new JsonObject { ["type"] = "of.tomorrow" });
            JournalEntry entry = await account.Client.Journal.ReadAsync(cancellationToken: ErrorText.Cancel).FirstAsync(ErrorText.Cancel);
            return $"{entry.Event.GetType().Name}: {entry.Event}";
        },
    };

    private static async Task<string> FaultAsync(EmulatorFault fault)
    {
        await using EmulatedAccount account = await RegisteredAsync(options => options.Journal.MaxConsecutiveFailures = 2);
        account.Emulator.Faults.Share(EmulatorOperation.Journal, 1, fault);
        JournalReadOptions options = new() { Journal = (await account.Client.RegisterAsync(ErrorText.Cancel)).Journal };
        return await ErrorText.OfAsync<JournalException>(async () => await account.Client.Journal.ReadAsync(JournalPosition.After("rabbit:1"), options, ErrorText.Cancel).FirstAsync(ErrorText.Cancel));
    }

    /// <summary>Reads the journal until the notice arrives.</summary>
    private static async Task<string> NoticeAsync<TNotice>(Action<AssetComputeOptions>? configure = null, JsonObject? published = null, EmulatorFault? fault = null)
        where TNotice : JournalNotice
    {
        await using EmulatedAccount account = await RegisteredAsync(configure);
        account.Emulator.Publish(published ?? new JsonObject { ["type"] = "small" });
        if (fault is not null)
        {
            account.Emulator.Faults.Next(EmulatorOperation.Journal, fault);
        }

        TNotice? told = null;
        JournalReadOptions options = new() { Journal = (await account.Client.RegisterAsync(ErrorText.Cancel)).Journal, StopWhenCaughtUp = true, OnNotice = notice => told ??= notice as TNotice };
        await account.Client.Journal.ReadAsync(options: options, cancellationToken: ErrorText.Cancel).CountAsync(ErrorText.Cancel);

        Assert.NotNull(told);
        return $"{told.GetType().Name}: {told}";
    }

    private static async Task<EmulatedAccount> RegisteredAsync(Action<AssetComputeOptions>? configure = null)
    {
        EmulatedAccount account = await EmulatedAccount.StartAsync(configureClient: configure);
        await account.Client.RegisterAsync(ErrorText.Cancel);
        return account;
    }
}
