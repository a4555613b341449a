using System.Text.Json.Nodes;
using AssetCompute.Client.Processes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Samples;

public class JournalWorkerTests
{
    [Fact]
    public async Task Run_StoppedAndStartedAgain_GoesOnAtItsCheckpoint()
    {
        using TemporaryFolder folder = new();
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None);
        await account.Client.Jobs.RunAsync(account.Request("photo", 2), cancellationToken: TestContext.Current.CancellationToken);
        account.Emulator.Publish(new JsonObject { ["type"] = "of.tomorrow" });

        string[] first = await RunAsync(account, folder, lines: 3);
        account.Emulator.Publish(new JsonObject { ["type"] = "of.the.day.after" });
        string[] second = await RunAsync(account, folder, lines: 1);

        Assert.Contains(first, line => line.StartsWith("created photo-0.png: ", StringComparison.Ordinal));
        Assert.Contains("other of.tomorrow", first);
        Assert.Equal(["other of.the.day.after"], second);
    }

    private static async Task<string[]> RunAsync(EmulatedAccount account, TemporaryFolder folder, int lines)
    {
        List<string> events = [];
        Dictionary<string, string> environment = new()
        {
            ["AssetCompute__Endpoint"] = account.Emulator.Endpoint.AbsoluteUri,
            ["AssetCompute__ImsEndpoint"] = account.Emulator.ImsEndpoint.AbsoluteUri,
            ["AssetCompute__OrganizationId"] = EmulatorClient.WellKnown.OrganizationId,
            ["AssetCompute__ClientId"] = EmulatorClient.WellKnown.ClientId,
            ["AssetCompute__ClientSecrets__0"] = EmulatorClient.WellKnown.ClientSecrets[0],
        };
        ProgramRun program = await SampleProgram.RunAsync(
            folder.Path,
            [],
            environment,
            (line, process) =>
            {
                if (line.StartsWith("created ", StringComparison.Ordinal) || line.StartsWith("failed ", StringComparison.Ordinal) || line.StartsWith("other ", StringComparison.Ordinal))
                {
                    events.Add(line);
                    if (events.Count == lines)
                    {
                        ProgramRun.Interrupt(process);
                    }
                }
            },
            "JournalWorker");

        Assert.Equal(0, program.ExitCode);
        return [.. events];
    }
}
