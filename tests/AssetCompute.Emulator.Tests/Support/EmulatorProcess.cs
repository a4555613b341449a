using System.Diagnostics;

namespace AssetCompute.Emulator.Tests;

/// <summary>The emulator as a separate process.</summary>
internal sealed class EmulatorProcess : IDisposable
{
    private const string LastSetting = "ASSET_COMPUTE_URL=";

    private static readonly string Dotnet = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);

    private readonly Process _process;

    private EmulatorProcess(Process process, string output)
    {
        _process = process;
        Output = output;
        Endpoint = new Uri(output[(output.LastIndexOf(LastSetting, StringComparison.Ordinal) + LastSetting.Length)..].Trim());
    }

    public Uri Endpoint { get; }

    /// <summary>The output of the program at startup.</summary>
    public string Output { get; }

    public int Id => _process.Id;

    /// <summary>Reads the next line of standard error, for a process with a custom search path.</summary>
    public async Task<string?> ReadErrorAsync() => await _process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);

    public static Task<EmulatorProcess> StartAsync(params string[] arguments) => StartAsync(null, arguments);

    /// <summary>Starts the emulator with only one folder in the search path, or with a separate folder for temporary files.</summary>
    public static async Task<EmulatorProcess> StartAsync(string? onlyProgramsOf, string[] arguments, string? temporaryFolder = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "AssetCompute.Emulator.dll");
        var start = new ProcessStartInfo(Dotnet, [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = onlyProgramsOf is not null };
        if (onlyProgramsOf is not null)
        {
            start.Environment["PATH"] = onlyProgramsOf;
        }

        if (temporaryFolder is not null)
        {
            start.Environment["TMPDIR"] = temporaryFolder;
        }

        var process = Process.Start(start)!;
        var output = "";
        while (!output.Contains(LastSetting, StringComparison.Ordinal))
        {
            var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
                ?? throw new InvalidOperationException($"The program ended: {output}");
            output += line + "\n";
        }

        return new(process, output);
    }

    /// <summary>Starts the emulator with arguments that it must reject.</summary>
    public static async Task<(int ExitCode, string Errors)> FailAsync(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "AssetCompute.Emulator.dll");
        using var process = Process.Start(new ProcessStartInfo(Dotnet, [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, errors);
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Kills the process like a power failure: no handler runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
