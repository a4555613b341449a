using System.Text;

namespace AssetCompute.Client.CrashWorker;

/// <summary>A file with a line for each handled position; handed to the operating system at once, so that a kill loses none.</summary>
public sealed class HandledLog(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);

    public void Add(string position)
    {
        lock (_lock)
        {
            _file.Write(Encoding.UTF8.GetBytes(position + "\n"));
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();
}
