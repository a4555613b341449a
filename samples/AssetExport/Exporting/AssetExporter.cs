using AssetCompute.Client;

namespace AssetExport;

/// <summary>Exports an asset to a destination: the original, renditions of it, or both.</summary>
internal sealed class AssetExporter(AemAuthor author, WorkFolder work, ExportOptions options, IAssetRenderer? renderer)
{
    /// <summary>Exports a claimed entry.</summary>
    /// <returns>The number of bytes written, and the location of the first file.</returns>
    public async Task<(long Bytes, string Location)> ExportAsync(ExportEntry export, ExportDestination destination, AssetMetadata metadata, CancellationToken cancellationToken)
    {
        List<ExportReceipt> receipts = [];
        long bytes = 0;
        if (destination.Original)
        {
            bytes += await ExportOriginalAsync(export, destination.Target, metadata, receipts, cancellationToken);
        }

        if (destination.Renditions.Count > 0)
        {
            bytes += await ExportRenditionsAsync(export, destination, metadata, receipts, cancellationToken);
        }

        return (bytes, receipts[0].Location);
    }

    private static string TransferOf(ExportEntry export) => $"{export.Id}.{export.Fence}";

    private async Task<long> ExportOriginalAsync(ExportEntry export, IExportDestination target, AssetMetadata metadata, List<ExportReceipt> receipts, CancellationToken cancellationToken)
    {
        // Opened here to get the length and the type. A second request for the bytes reads them from AEM again.
        AssetContentStream first = await AssetContentStream.OpenAsync(author, export.Path, export.Size, export.Sha1, cancellationToken);
        using StallGuard guard = new(options.StallTime, author.Clock, cancellationToken);
        AssetContentStream current = first;
        bool isFirst = true;
        try
        {
            ExportItem item = new(export.Name, TransferOf(export), first.Length, first.ContentType, async token =>
            {
                current = isFirst ? first : await AssetContentStream.OpenAsync(author, export.Path, first.Length, export.Sha1, token);
                isFirst = false;
                current.Moved = guard.Moved;
                return current;
            })
            {
                AssetPath = export.Path,
                Metadata = metadata,
            };
            ExportReceipt receipt = await guard.RunAsync(token => target.ExportAsync(item, token));
            if (current.Failure is { } unheard)
            {
                // A destination that ignored the error does not have the complete asset.
                throw new IOException(unheard.Message, unheard);
            }

            receipts.Add(receipt);
            return item.Length;
        }
        catch (Exception exception) when (current.Failure is { } cause && cause != exception)
        {
            // AEM failed, whatever the destination reports.
            throw new IOException(cause.Message, cause);
        }
        finally
        {
            await first.DisposeAsync();
        }
    }

    private async Task<long> ExportRenditionsAsync(ExportEntry export, ExportDestination destination, AssetMetadata metadata, List<ExportReceipt> receipts, CancellationToken cancellationToken)
    {
        IAssetRenderer render = renderer ?? throw new DestinationRefusedException($"The destination '{destination.Name}' wants renditions, and there is no RenditionStorage in the settings.");
        DirectoryInfo folder = work.CreateFolder();
        try
        {
            FileRendition[] wanted = [.. destination.Renditions.Select(rendition => new FileRendition(Path.Combine(folder.FullName, rendition.Name), rendition.Rendition))];
            RenderResult result = await RenderAsync(render, export, wanted, cancellationToken);
            long bytes = 0;
            foreach ((RenditionSettings rendition, RenderedFile file) in destination.Renditions.Zip(result.Files))
            {
                ThrowIfFailed(rendition, file);
                FileInfo rendered = new(file.Requested.Path);
                ExportItem item = new(ExportDestination.FileOf(export.Name, rendition), TransferOf(export), rendered.Length, (file.Event as RenditionCreated)?.Metadata.Format,
                    _ => Task.FromResult<Stream>(rendered.OpenRead()))
                {
                    AssetPath = export.Path,
                    Metadata = metadata,
                };
                using StallGuard guard = new(options.StallTime, author.Clock, cancellationToken);
                receipts.Add(await guard.RunAsync(token => destination.Target.ExportAsync(item, token)));
                bytes += rendered.Length;
            }

            return bytes;
        }
        finally
        {
            work.Remove(folder);
        }
    }

    private async Task<RenderResult> RenderAsync(IAssetRenderer render, ExportEntry export, FileRendition[] wanted, CancellationToken cancellationToken)
    {
        await using AssetContentStream source = await AssetContentStream.OpenAsync(author, export.Path, export.Size, export.Sha1, cancellationToken);
        try
        {
            return await render.RenderAsync(source, Path.GetFileName(export.Path), wanted, new RenderOptions { SourceMimeType = source.ContentType }, cancellationToken);
        }
        catch (Exception exception) when (source.Failure is { } cause && cause != exception)
        {
            throw new IOException(cause.Message, cause);
        }
    }

    private static void ThrowIfFailed(RenditionSettings rendition, RenderedFile file)
    {
        if (file.Succeeded)
        {
            return;
        }

        if (file.Event is RenditionFailed failed)
        {
            string message = $"Asset Compute could not make '{rendition.Name}': {failed.Reason}. {failed.Message}";
            throw failed.Reason == RenditionFailureReason.GenericError ? new IOException(message) : new DestinationRefusedException(message);
        }

        throw new IOException($"The rendition '{rendition.Name}' did not come: {file.Error?.Message}", file.Error);
    }
}
