using System.Text.RegularExpressions;
using AssetCompute.Client.Processes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Samples;

public partial class WebhookWorkerTests
{
    [Fact]
    public async Task Run_AssetIsPublished_PrintsItsEvent()
    {
        using TemporaryFolder folder = new();
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(TestContext.Current.CancellationToken);
        Dictionary<string, string> environment = new()
        {
            ["AdobeEvents__ClientId"] = EmulatorClient.WellKnown.ClientId,
            ["AdobeEvents__PublicKeyEndpoint"] = emulator.Endpoint.AbsoluteUri,
        };
        Task published = Task.CompletedTask;
        List<string> printed = [];

        ProgramRun program = await SampleProgram.RunAsync(
            folder.Path,
            ["--urls", "http://127.0.0.1:0"],
            environment,
            (line, process) =>
            {
                if (Listening().Match(line) is { Success: true } listening)
                {
                    published = PublishAsync(emulator, new Uri(listening.Groups[1].Value + "/events"));
                }

                if (line.StartsWith("published ", StringComparison.Ordinal))
                {
                    printed.Add(line);
                    if (printed.Count == 1)
                    {
                        ProgramRun.Interrupt(process);
                    }
                }
            },
            "WebhookWorker");

        await published;
        Assert.Equal(0, program.ExitCode);
        Assert.Equal(["published /content/dam/a/photo.jpg"], printed);
        Assert.True(File.Exists(folder.File("events.db")));
    }

    private static async Task PublishAsync(AssetComputeEmulator emulator, Uri webhook)
    {
        EventRegistration registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = webhook }, TestContext.Current.CancellationToken);
        Assert.True(registration.Status == EventRegistrationStatus.Active, $"{registration.StatusReason}");
        await emulator.Aem.AddAssetAsync("/content/dam/a/photo.jpg", new byte[10], cancellationToken: TestContext.Current.CancellationToken);
        emulator.Aem.Publish("/content/dam/a/photo.jpg");
    }

    [GeneratedRegex("Now listening on: (http://127.0.0.1:[0-9]+)")]
    private static partial Regex Listening();
}
