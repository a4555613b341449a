namespace AssetCompute.Client.PackageTests;

/// <summary>PowerShell, installed as a .NET tool, which is the same on all systems.</summary>
internal sealed class PowerShellProgram(Clone clone) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _path;

    /// <summary>Installs PowerShell once.</summary>
    /// <returns>The path of the PowerShell executable.</returns>
    public async Task<string> InstallAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_path is null)
            {
                string tools = Path.Combine(clone.Around, "powershell");
                await clone.RunAsync("dotnet", ["tool", "install", "PowerShell", "--version", "7.6.9", "--tool-path", tools], clone.Folder);
                _path = Path.Combine(tools, "pwsh");
            }

            return _path;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs commands and expects each to succeed.</summary>
    /// <returns>The output.</returns>
    public async Task<string> RunAsync(string folder, string lines, params (string Name, string Value)[] variables) =>
        await clone.RunAsync(await InstallAsync(), ["-NoProfile", "-NonInteractive", "-Command", $"$ErrorActionPreference = 'Stop'\n$PSNativeCommandUseErrorActionPreference = $true\n{lines}"], folder, variables);

    public void Dispose() => _gate.Dispose();
}
