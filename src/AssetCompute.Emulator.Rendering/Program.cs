using System.Diagnostics;
using System.Text.Json;
using AssetCompute.Emulator.Rendering;

const int StackBytes = 8 << 20;

var limits = JsonSerializer.Deserialize(args[0], RenderJson.Default.RenderLimits)!;
var worker = new RenderWorker(limits);

// One request per line of input, one reply per line of output. The emulator sends no request before the reply to the previous one.
while (Console.In.ReadLine() is { } line)
{
    // On another thread, so that this one notices the end of the input at any time.
    new Thread(() => Answer(line), StackBytes) { IsBackground = true }.Start();
}

// The input ends when the emulator ends for any reason. Running native code cannot be canceled.
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

void Answer(string line)
{
    var reply = worker.Render(JsonSerializer.Deserialize(line, RenderJson.Default.RenderRequest)!);
    Console.Out.WriteLine(JsonSerializer.Serialize(reply, RenderJson.Default.RenderReply));
}
