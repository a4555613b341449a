using System.CommandLine;
using System.Net;

namespace AssetCompute.Emulator;

/// <summary>The emulator as a program: its command line, output and exit code.</summary>
internal static class EmulatorProgram
{
    private static readonly Option<int> Port = new("--port") { Description = "The port to listen on; 0 is any free port." };

    private static readonly Option<int?> HttpsPort = new("--https-port")
    {
        Description = "An additional port for https, for custom workers on Adobe's SDK; 0 is any free port. The certificate is created at startup and written to a file.",
    };

    private static readonly Option<string> Address = new("--address")
    {
        Description = "The address to listen on. Open the emulator to a network only if you trust everyone on it.",
        DefaultValueFactory = _ => $"{IPAddress.Loopback}",
    };

    private static readonly Option<string?> Data = new("--data") { Description = "A folder that keeps the state across restarts. Without it, everything is in memory." };

    private static readonly Option<string?> Script = new("--script") { Description = "A JSON file of clients and faults to start with." };

    private static readonly Option<int> Latency = new("--latency") { Description = "Milliseconds by which every answer is delayed." };

    private static readonly Option<int> EventDelay = new("--event-delay")
    {
        Description = "Milliseconds until an event appears in the journal. Adobe's Node client misses events that are faster than its first poll.",
        DefaultValueFactory = _ => 500,
    };

    private static readonly Option<int> JournalRetryAfter = new("--journal-retry-after")
    {
        Description = "Seconds that readers are told to wait at the end of the journal. Adobe's journal says 10.",
        DefaultValueFactory = _ => (int)new EmulatorJournalOptions().RetryAfter.TotalSeconds,
    };

    private static readonly Option<string[]> AllowHost = new("--allow-host")
    {
        Description = "A host that sources, targets and workers may be on besides the loopback interface, and a name that the emulator answers to. You can repeat the option.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> NoRender = new("--no-render") { Description = "Answer every rendition with the same pixel, for load tests." };

    private static readonly Option<bool> AsDocumented = new("--as-documented") { Description = "Where Adobe's documentation and code disagree, follow the documentation." };

    public static Task<int> Main(string[] arguments)
    {
        var command = new RootCommand("Adobe's Asset Compute Service on your own machine.")
        {
            Port, HttpsPort, Address, Data, Script, Latency, EventDelay, JournalRetryAfter, AllowHost, NoRender, AsDocumented,
        };
        command.SetAction(ServeAsync);

        // Ctrl+C stops the render workers and writes the data to keep, which may take longer than the default of two seconds on a busy machine.
        return command.Parse(arguments).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
    }

    private static async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        AssetComputeEmulator emulator;
        try
        {
            emulator = await AssetComputeEmulator.StartAsync(options => Configure(options, parsed), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"The emulator cannot start: {exception.Message}").ConfigureAwait(false);
            return 1;
        }

        await using var running = emulator.ConfigureAwait(false);
        string? certificate = null;
        if (emulator.HttpsEndpoint is { } https)
        {
            certificate = Path.Combine(Path.GetFullPath(parsed.GetValue(Data) ?? Path.GetTempPath()), $"asset-compute-emulator-{https.Port}.pem");
            await File.WriteAllTextAsync(certificate, emulator.CertificatePem, cancellationToken).ConfigureAwait(false);
        }

        Console.Write(ClientSettings.ToText(emulator.Endpoint, emulator.Clients.First(), certificate));
        if (!parsed.GetValue(NoRender) && RenderWorkerProgram.Problem is { } problem)
        {
            await Console.Error.WriteLineAsync(problem).ConfigureAwait(false);
        }

        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private static void Configure(AssetComputeEmulatorOptions options, ParseResult parsed)
    {
        options.Port = parsed.GetValue(Port);
        options.HttpsPort = parsed.GetValue(HttpsPort);
        options.Address = IPAddress.Parse(parsed.GetRequiredValue(Address));
        options.DataFolder = parsed.GetValue(Data);
        options.ScriptFile = parsed.GetValue(Script);
        options.Latency = TimeSpan.FromMilliseconds(parsed.GetValue(Latency));
        options.Journal.EventDelay = TimeSpan.FromMilliseconds(parsed.GetValue(EventDelay));
        options.Journal.RetryAfter = TimeSpan.FromSeconds(parsed.GetValue(JournalRetryAfter));
        options.Rendering.Mode = parsed.GetValue(NoRender) ? EmulatorRenderingMode.None : EmulatorRenderingMode.ImageMagick;
        options.Spelling = parsed.GetValue(AsDocumented) ? WireSpelling.Documentation : WireSpelling.Code;
        foreach (var host in parsed.GetRequiredValue(AllowHost))
        {
            options.AllowedHosts.Add(host);
        }
    }
}
