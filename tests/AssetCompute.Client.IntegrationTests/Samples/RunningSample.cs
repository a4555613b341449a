using System.Diagnostics;
using System.Text.RegularExpressions;
using AssetCompute.Client.Processes;
using AssetCompute.Client.Tests;

namespace AssetCompute.Client.IntegrationTests.Samples;

/// <summary>A sample that runs on a free port. Disposing it stops the sample as Ctrl+C does.</summary>
internal sealed partial class RunningSample : IAsyncDisposable
{
    private readonly TaskCompletionSource<(Process Process, Uri Address)> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<ProgramRun> _run = null!;
    private Process? _process;

    public Uri Address { get; private set; } = null!;

    public static async Task<RunningSample> StartAsync(string sample, string folder, Dictionary<string, string> environment)
    {
        RunningSample running = new();
        running._run = SampleProgram.RunAsync(folder, ["--urls", "http://127.0.0.1:0"], environment, running.Read, sample);
        await Task.WhenAny(running._started.Task, running._run).InTimeAsync($"{sample} listens");
        if (!running._started.Task.IsCompleted)
        {
            ProgramRun ended = await running._run;
            Assert.Fail($"{sample} ended with {ended.ExitCode}:\n{ended.Output}{ended.Errors}");
        }

        (running._process, running.Address) = await running._started.Task;
        return running;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            ProgramRun.Interrupt(_process);
            ProgramRun ended = await _run;
            Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        }
    }

    private void Read(string line, Process process)
    {
        if (Listening().Match(line) is { Success: true } listening)
        {
            _started.TrySetResult((process, new Uri(listening.Groups[1].Value)));
        }
    }

    [GeneratedRegex("Now listening on: (http://127.0.0.1:[0-9]+)")]
    private static partial Regex Listening();
}
