namespace AssetCompute.Emulator;

/// <summary>Renders files that do not belong to a job and reads their embedded metadata, in a render worker.</summary>
internal sealed class PictureMaker(RenderWorkerPool workers)
{
    /// <returns>The image; null if the content is not an image.</returns>
    public Task<byte[]?> MakeAsync(Stream content, ImageInstructions instructions, CancellationToken cancellationToken) => WithFileAsync(content, async (path, format) =>
    {
        var output = path + ".rendition";
        await workers.RenderAsync(new() { Input = path, InputFormat = format.Coder, Output = output, Image = instructions }, cancellationToken).ConfigureAwait(false);
        return await File.ReadAllBytesAsync(output, cancellationToken).ConfigureAwait(false);
    }, cancellationToken);

    /// <returns>The embedded metadata; null if the content is not an image.</returns>
    public Task<IReadOnlyList<MetadataEntry>?> ReadAsync(Stream content, CancellationToken cancellationToken) => WithFileAsync(content, async (path, format) =>
        format.HasPixels ? (await workers.InspectAsync(path, format.Coder, cancellationToken).ConfigureAwait(false))?.Metadata : null, cancellationToken);

    private static async Task<T?> WithFileAsync<T>(Stream content, Func<string, ImageFormat, Task<T?>> use, CancellationToken cancellationToken)
        where T : class
    {
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
        }
    }
}
