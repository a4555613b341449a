using System.Diagnostics;

namespace AssetCompute.Client.StorageTests;

/// <summary>Uploads an object in a separate process, and kills the process before the upload ends.</summary>
internal static class KilledUpload
{
    private const int Parts = 3;

    public static async Task RunAsync(string kind, Uri storage, NodeServer server, string name)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "AssetCompute.Client.StorageProbe.dll");
        using Process probe = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, kind, storage.OriginalString, "upload", name]))!;
        try
        {
            while ((await server.RequestsAsync()).Count(request => (string?)request["method"] == "PUT" && ((string)request["path"]!).EndsWith(name, StringComparison.Ordinal)) < Parts)
            {
                Assert.False(probe.HasExited, "The upload ended before it was killed.");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            probe.Kill();
            await probe.WaitForExitAsync(CancellationToken.None);
        }
    }
}
