using System.CommandLine;

namespace AssetCompute.Emulator;

/// <summary>The emulator as a program.</summary>
internal static class EmulatorProgram
{
    public static Task<int> RunAsync(string[] arguments)
    {
        var port = new Option<int>("--port") { Description = "The port to listen on; 0 is any free port.", DefaultValueFactory = _ => 0 };
        var data = new Option<string?>("--data") { Description = "A folder that keeps the state over a restart. Without it, everything is in memory." };
        var script = new Option<string?>("--script") { Description = "A JSON file of clients and faults to start with." };
        var latency = new Option<int>("--latency") { Description = "Milliseconds that every answer is held back.", DefaultValueFactory = _ => 0 };
        var eventDelay = new Option<int>("--event-delay")
        {
            Description = "Milliseconds until an event appears in the journal. Adobe's Node client misses events that are faster than its first poll.",
            DefaultValueFactory = _ => 500,
        };
        var noRender = new Option<bool>("--no-render") { Description = "Answer every rendition with the same pixel, for load tests and machines without ImageMagick." };
        var command = new RootCommand("Adobe's Asset Compute Service on your own machine.") { port, data, script, latency, eventDelay, noRender };
        command.SetAction((parsed, cancellationToken) => ServeAsync(
            options =>
            {
                options.Port = parsed.GetValue(port);
                options.DataFolder = parsed.GetValue(data);
                options.ScriptFile = parsed.GetValue(script);
                options.Journal.EventDelay = TimeSpan.FromMilliseconds(parsed.GetValue(eventDelay));
                options.Rendering.Mode = parsed.GetValue(noRender) ? EmulatorRenderingMode.None : EmulatorRenderingMode.ImageMagick;
                options.Latency = TimeSpan.FromMilliseconds(parsed.GetValue(latency));
            },
            cancellationToken));
        return command.Parse(arguments).InvokeAsync();
    }

    private static async Task<int> ServeAsync(Action<AssetComputeEmulatorOptions> configure, CancellationToken cancellationToken)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(configure, cancellationToken);
        Console.Write(ClientSettings.ToText(emulator.Endpoint, emulator.Clients.First()));
        if (await emulator.FindImageMagickAsync() is null)
        {
            await Console.Error.WriteLineAsync(ImageMagick.InstallHint);
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(() => ended.TrySetResult()))
        {
            await ended.Task;
        }

        return 0;
    }
}
