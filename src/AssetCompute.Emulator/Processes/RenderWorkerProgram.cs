using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>
/// The program of the render workers. It is in a subfolder of the emulator's folder and runs on the .NET runtime of this machine. The emulator's own process
/// may be a test host, an executable or native code, and cannot be started again as a worker.
/// </summary>
internal static class RenderWorkerProgram
{
    private const string Folder = "asset-compute-worker";
    private const string FileName = "AssetCompute.Emulator.Rendering.dll";

    private const string InstallLocation = "/etc/dotnet/install_location";

    /// <summary>The minimum heap size with which the runtime starts.</summary>
    private const long MinHeapBytes = 64L << 20;

    private static readonly string DotnetName = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    private static string Program => Path.Combine(AppContext.BaseDirectory, Folder, FileName);

    /// <summary>The reason why no worker can be started on this machine, or <see langword="null"/>.</summary>
    public static string? Problem =>
        !File.Exists(Program) ? $"Renditions fail: the render worker is missing, '{Program}' does not exist."
        : FindDotnet() is null ? "Renditions fail: no .NET runtime was found. Install .NET 10 (https://dotnet.microsoft.com/download), or set DOTNET_ROOT to where it is."
        : null;

    /// <summary>Returns the start information of a worker.</summary>
    /// <exception cref="RenditionFailure">No worker can be started on this machine.</exception>
    public static ProcessStartInfo StartInfo(RenderLimits limits)
    {
        if (Problem is { } problem)
        {
            throw RenditionFailure.Generic(problem);
        }

        var start = new ProcessStartInfo(FindDotnet()!, ["exec", Program, JsonSerializer.Serialize(limits, RenderJson.Default.RenderLimits)])
        {
            WorkingDirectory = limits.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };

        // Startup hooks, profilers, debuggers and ImageMagick settings of the emulator's process must not apply to this one.
        foreach (var name in start.Environment.Keys.Where(IsNotForWorkers).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_GCHeapHardLimit"] = Math.Max(limits.MaxMemoryBytes, MinHeapBytes).ToString("X", null);

        // A killed process would leave its diagnostics socket in the folder for temporary files.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return start;
    }

    private static bool IsNotForWorkers(string name)
    {
        bool Starts(string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        return Starts("CORECLR_") || Starts("COR_") || Starts("COMPlus_") || Starts("MAGICK_")
            || (Starts("DOTNET_") && !Starts("DOTNET_ROOT") && !Starts("DOTNET_ROLL"));
    }

    private static string? FindDotnet() =>
        Folders().OfType<string>().Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, DotnetName)).FirstOrDefault(IsThere);

    /// <summary>Whether a file exists and is not a link to a file that was removed.</summary>
    private static bool IsThere(string path) => File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is null or { Exists: true };

    /// <summary>Returns the folder of this process's <c>dotnet</c>, then those of this machine. Folders of other operating systems are not fully qualified.</summary>
    private static IEnumerable<string?> Folders() =>
    [
        Path.GetDirectoryName(Environment.ProcessPath),

        // The process is an executable and not dotnet, but its runtime is three folders below dotnet: shared/Microsoft.NETCore.App/10.0.0. Native code has none.
        RuntimeFeature.IsDynamicCodeSupported ? Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")) : null,
        Path.GetDirectoryName(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")),
        Environment.GetEnvironmentVariable("DOTNET_ROOT"),
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet"),
        File.Exists(InstallLocation) ? File.ReadAllText(InstallLocation).Trim() : null,
        "/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet"),
    ];
}
