using System.Text;
using AssetCompute.Client;

namespace FolderRenditions;

/// <summary>Writes failures as CSV. If nothing fails, no file is created.</summary>
internal sealed class FailureReport : IDisposable
{
    private readonly string _path;
    private StreamWriter? _writer;

    public FailureReport(string path)
    {
        _path = path;

        // The report of the previous run does not apply to this one.
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    public int Count { get; private set; }

    public static string WhyOf(RenderedFile file) => file switch
    {
        { Error: { } error } => error.Message,
        { Event: RenditionFailed failed } => $"{failed.Reason}: {failed.Message}",
        _ => "No event came.",
    };

    public void Add(RenderResult result)
    {
        foreach (RenderedFile file in result.Files.Where(static file => !file.Succeeded))
        {
            Add(result.Source, file.Requested.Path, WhyOf(file));
        }
    }

    public void Dispose() => _writer?.Dispose();

    private void Add(params string[] fields)
    {
        Count++;
        if (_writer is null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            _writer = new StreamWriter(_path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)) { NewLine = "\r\n", AutoFlush = true };
            _writer.WriteLine("source,rendition,reason");
        }

        _writer.WriteLine(string.Join(',', fields.Select(static field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
    }
}
