namespace AssetExport;

/// <summary>Checks a destination by writing and removing a file.</summary>
internal static class ProbeFile
{
    public static async Task<string> RunAsync(IExportDestination destination, Func<string, Task> remove, CancellationToken cancellationToken)
    {
        byte[] content = "Written by asset-export to check the destination."u8.ToArray();
        string name = $"asset-export-probe-{Guid.NewGuid():N}.txt";
        ExportItem item = new(_ => Task.FromResult<Stream>(new MemoryStream(content))) { Name = name, Transfer = $"{Guid.NewGuid():N}.1", Length = content.Length, ContentType = "text/plain" };
        ExportReceipt receipt = await destination.ExportAsync(item, cancellationToken);
        try
        {
            return await destination.FindAsync(name, cancellationToken) is { } stored && (stored.Size ?? content.Length) == content.Length
                ? $"wrote and removed {receipt.Location}"
                : throw new IOException($"The file {receipt.Location} was written, but no file with its {content.Length} bytes was found afterwards.");
        }
        finally
        {
            await remove(name);
        }
    }
}
