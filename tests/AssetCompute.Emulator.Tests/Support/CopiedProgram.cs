using System.Diagnostics;

namespace AssetCompute.Emulator.Tests;

/// <summary>A C# program that a user copies to the <c>Program.cs</c> of a console project with a reference to the client.</summary>
internal static class CopiedProgram
{
    // The implicit usings of a console project.
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly string Host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Compiles the program with only the SDK's compiler, without a project, and runs it to completion.</summary>
    /// <returns>The lines of its output.</returns>
    public static async Task<string[]> RunAsync(string program)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["Program.cs"], program, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["Usings.cs"], Usings, TestContext.Current.CancellationToken);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => $"-r:{path}");
        await File.WriteAllLinesAsync(folder["arguments.rsp"], ["-nologo", "-nullable:enable", $"-out:{folder["Program.dll"]}", folder["Program.cs"], folder["Usings.cs"], .. references], TestContext.Current.CancellationToken);
        await StartAsync(Compiler(), "-noconfig", $"@{folder["arguments.rsp"]}");

        // The assemblies of these tests include all that the client needs.
        var tests = Path.Combine(AppContext.BaseDirectory, typeof(CopiedProgram).Assembly.GetName().Name!);
        var output = await StartAsync("exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", "--additionalprobingpath", AppContext.BaseDirectory, folder["Program.dll"]);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Compiler()
    {
        // The path of the runtime is shared/Microsoft.NETCore.App/10.0.x in the folder that contains the SDKs.
        var dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        return Directory.GetFiles(Path.Combine(dotnet, "sdk"), "csc.dll", SearchOption.AllDirectories).Last(path => path.Contains("bincore", StringComparison.Ordinal));
    }

    private static async Task<string> StartAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Host, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"dotnet {arguments[0]} ended with {process.ExitCode}:\n{string.Concat(output)}");
        return output[0];
    }
}
