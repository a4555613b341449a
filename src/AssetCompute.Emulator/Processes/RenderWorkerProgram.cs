using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AssetCompute.Emulator.Rendering;

namespace AssetCompute.Emulator;

/// <summary>
/// The render worker's program: it lies in a folder of its own beside the emulator's, and runs on the .NET runtime of this machine.
/// The emulator's own process may be a test host, an executable or native code, and cannot be started a second time.
/// </summary>
internal static class RenderWorkerProgram
{
    private const string Folder = "asset-compute-worker";
    private const string FileName = "AssetCompute.Emulator.Rendering.dll";

    /// <summary>Below this, the runtime does not start.</summary>
    private const long MinHeapBytes = 64L << 20;

    private static readonly string DotnetName = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    private static string Program => Path.Combine(AppContext.BaseDirectory, Folder, FileName);

    /// <summary>Why no worker can be started here, or <see langword="null"/>.</summary>
    public static string? Problem =>
        !File.Exists(Program) ? $"Renditions fail: the render worker is missing, '{Program}' does not exist."
        : FindDotnet() is null ? "Renditions fail: no .NET runtime was found. Install .NET 10 (https://dotnet.microsoft.com/download), or set DOTNET_ROOT to where it is."
        : null;

    /// <summary>How a worker is started.</summary>
    /// <exception cref="RenditionFailure">No worker can be started here.</exception>
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
            UseShellExecute = false,
        };

        // Startup hooks, profilers and debuggers of the emulator's process are not meant for this one, nor settings for ImageMagick.
        foreach (var name in start.Environment.Keys.Where(IsNotForWorkers).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_GCHeapHardLimit"] = Math.Max(limits.MaxMemoryBytes, MinHeapBytes).ToString("X", null);

        // Its socket in the folder for temporary files would be left behind by a process that is killed.
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
        Folders().Where(folder => !string.IsNullOrEmpty(folder)).Select(folder => Path.Combine(folder!, DotnetName)).FirstOrDefault(IsThere);

    /// <summary>Whether there is a file, and not only a link to one that was removed.</summary>
    private static bool IsThere(string path) => File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is null or { Exists: true };

    /// <summary>Where the <c>dotnet</c> of this process is, then that of this machine.</summary>
    private static IEnumerable<string?> Folders() =>
    [
        Path.GetDirectoryName(Environment.ProcessPath),

        // An executable is no dotnet, but its runtime lies three folders below one: shared/Microsoft.NETCore.App/10.0.0.
        RuntimeFolder() is { } runtime ? Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")) : null,
        Path.GetDirectoryName(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")),
        Environment.GetEnvironmentVariable("DOTNET_ROOT"),
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        .. DefaultFolders(),
    ];

    private static string? RuntimeFolder()
    {
        try
        {
            return RuntimeEnvironment.GetRuntimeDirectory();
        }
        catch (PlatformNotSupportedException)
        {
            return null;
        }
    }

    private static IEnumerable<string> DefaultFolders()
    {
        if (OperatingSystem.IsWindows())
        {
            return [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet")];
        }

        const string location = "/etc/dotnet/install_location";
        return
        [
            File.Exists(location) ? File.ReadAllText(location).Trim() : "",
            "/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet"),
        ];
    }
}
