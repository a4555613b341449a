using AssetCompute.Emulator.Rendering;

namespace AssetCompute.Emulator;

/// <summary>
/// Makes previews of files for the web page and reads their embedded metadata, in a render worker. It runs one task at a time, because a page
/// requests many.
/// </summary>
internal sealed class PictureMaker(RenderWorkerPool workers) : IDisposable
{
    public const string MediaType = "image/webp";

    private const int Side = 640;

    private readonly SemaphoreSlim _turn = new(1);

    /// <returns>An image of at most 640 pixels per side; null if the content is not an image.</returns>
    public Task<byte[]?> MakeAsync(Stream content, CancellationToken cancellationToken) => WithFileAsync(content, async (path, format) =>
    {
        var output = path + ".webp";
        await workers.RenderAsync(
            new() { Input = path, InputFormat = format.Coder, Output = output, Image = new() { Format = "webp", MaxWidth = Side, MaxHeight = Side, Quality = 80 } },
            cancellationToken).ConfigureAwait(false);
        return await File.ReadAllBytesAsync(output, cancellationToken).ConfigureAwait(false);
    }, cancellationToken);

    /// <returns>The embedded metadata; null if the content is not an image.</returns>
    public Task<IReadOnlyList<MetadataEntry>?> ReadAsync(Stream content, CancellationToken cancellationToken) => WithFileAsync(content, async (path, format) =>
        format.HasPixels ? (await workers.InspectAsync(path, format.Coder, cancellationToken).ConfigureAwait(false)).Metadata : null, cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<T?> WithFileAsync<T>(Stream content, Func<string, ImageFormat, Task<T?>> use, CancellationToken cancellationToken)
        where T : class
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        var folder = Directory.CreateTempSubdirectory("asset-compute-picture-");
        try
        {
            var path = Path.Combine(folder.FullName, "file");
            using (var file = File.Create(path))
            {
                await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            }

            return await ImageFormat.ReadAsync(path, cancellationToken).ConfigureAwait(false) is { } format ? await use(path, format).ConfigureAwait(false) : null;
        }
        catch (Exception exception) when (exception is RenditionFailure or TimeoutException)
        {
            return null;
        }
        finally
        {
            TemporaryFolder.TryDelete(folder);
            _turn.Release();
        }
    }
}
