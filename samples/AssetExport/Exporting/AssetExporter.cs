using AssetCompute.Client;

namespace AssetExport;

/// <summary>Exports an asset to a destination: the original, renditions of it, or both.</summary>
internal sealed class AssetExporter(AemAuthor author, ExportOptions options, IServiceProvider services, ILogger<AssetExporter> logger)
{
    /// <returns>The number of bytes written, and the location of the first file.</returns>
    public async Task<(long Bytes, string Location)> ExportAsync(ExportEntry export, ExportDestination destination, AssetMetadata metadata, CancellationToken cancellationToken)
    {
        List<(long Bytes, string Location)> written = [];
        if (destination.Original)
        {
            written.Add(await ExportOriginalAsync(export, destination.Target, metadata, cancellationToken));
        }

        if (destination.Renditions.Count > 0)
        {
            using WorkFolder folder = new(Path.GetTempPath(), logger);
            RenderResult result = await RenderAsync(export, [.. destination.Renditions.Select(rendition => new FileRendition(Path.Combine(folder.FullName, rendition.Name), rendition.Rendition))], cancellationToken);
            foreach ((RenditionSettings rendition, RenderedFile file) in destination.Renditions.Zip(result.Files))
            {
                written.Add(await ExportRenditionAsync(export, destination.Target, metadata, rendition, file, cancellationToken));
            }
        }

        return (written.Sum(static file => file.Bytes), written[0].Location);
    }

    private async Task<(long Bytes, string Location)> ExportOriginalAsync(ExportEntry export, IExportDestination target, AssetMetadata metadata, CancellationToken cancellationToken)
    {
        // Opened here to get the length and the type. A second request for the bytes reads them from AEM again.
        await using AssetContentStream first = await OpenAsync(export, cancellationToken);
        using StallGuard guard = new(options.StallTime, author.Clock, cancellationToken);
        bool isFirst = true;
        ExportItem item = ItemOf(export, metadata, export.Name, first.Length, first.ContentType, async token =>
        {
            AssetContentStream content = isFirst ? first : await OpenAsync(export, token);
            isFirst = false;
            content.Watch(guard);
            return content;
        });
        return (item.Length, (await guard.RunAsync(token => target.ExportAsync(item, token))).Location);
    }

    private async Task<(long Bytes, string Location)> ExportRenditionAsync(
        ExportEntry export, IExportDestination target, AssetMetadata metadata, RenditionSettings rendition, RenderedFile file, CancellationToken cancellationToken)
    {
        ThrowIfFailed(rendition, file);
        FileInfo rendered = new(file.Requested.Path);
        ExportItem item = ItemOf(
            export, metadata, ExportDestination.FileOf(export.Name, rendition), rendered.Length, (file.Event as RenditionCreated)?.Metadata.Format, _ => Task.FromResult<Stream>(rendered.OpenRead()));
        using StallGuard guard = new(options.StallTime, author.Clock, cancellationToken);
        return (item.Length, (await guard.RunAsync(token => target.ExportAsync(item, token))).Location);
    }

    private async Task<RenderResult> RenderAsync(ExportEntry export, FileRendition[] wanted, CancellationToken cancellationToken)
    {
        await using AssetContentStream source = await OpenAsync(export, cancellationToken);
        using StallGuard guard = new(Timeout.InfiniteTimeSpan, author.Clock, cancellationToken);
        source.Watch(guard);
        RenderOptions render = new() { SourceMimeType = source.ContentType };
        return await guard.RunAsync(token => services.GetRequiredService<IAssetRenderer>().RenderAsync(source, Path.GetFileName(export.Path), wanted, render, token));
    }

    private Task<AssetContentStream> OpenAsync(ExportEntry export, CancellationToken cancellationToken) =>
        AssetContentStream.OpenAsync(author, export.Path, export.Size, export.Sha1, cancellationToken);

    private static ExportItem ItemOf(ExportEntry export, AssetMetadata metadata, string name, long length, string? contentType, Func<CancellationToken, Task<Stream>> open) =>
        new(open) { Name = name, Transfer = $"{export.Id}.{export.Fence}", Length = length, ContentType = contentType ?? "application/octet-stream", AssetPath = export.Path, Metadata = metadata };

    private static void ThrowIfFailed(RenditionSettings rendition, RenderedFile file)
    {
        if (file.Event is RenditionFailed failed)
        {
            string message = $"Asset Compute could not make '{rendition.Name}': {failed.Reason}. {failed.Message}";
            throw failed.Reason == RenditionFailureReason.GenericError ? new IOException(message) : new DestinationRefusedException(message);
        }

        if (!file.Succeeded)
        {
            throw new IOException($"The rendition '{rendition.Name}' was not received: {file.Error?.Message}", file.Error);
        }
    }
}
