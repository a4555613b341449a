using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AssetCompute.Emulator.Rendering;

// One request per line of input, one reply per line of output, in order.
var limits = JsonSerializer.Deserialize(args[0], RenderJson.Default.RenderLimits)!;
using var requests = new BlockingCollection<string>();
var reader = new Thread(() =>
{
    while (Console.In.ReadLine() is { } line)
    {
        requests.Add(line);
    }

    // The input ends when the emulator ends for any reason. Running native code cannot be cancelled.
    Ghostscript.Kill();
    try
    {
        Directory.Delete(limits.Folder, recursive: true);
    }
    catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"'{limits.Folder}' is left behind: {exception.Message}");
    }

    Process.GetCurrentProcess().Kill();
})
{
    IsBackground = true,
};
reader.Start();

var worker = new RenderWorker(limits);
foreach (var line in requests.GetConsumingEnumerable())
{
    var reply = worker.Render(JsonSerializer.Deserialize(line, RenderJson.Default.RenderRequest)!);
    Console.Out.WriteLine(JsonSerializer.Serialize(reply, RenderJson.Default.RenderReply));
}
