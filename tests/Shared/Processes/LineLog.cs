using System.Text;

namespace AssetCompute.Client.Workers;

/// <summary>A file with a line for each completed action. Lines are flushed to the operating system immediately, so that a kill loses none.</summary>
public sealed class LineLog(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);

    public void Add(string line)
    {
        lock (_lock)
        {
            _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();
}
