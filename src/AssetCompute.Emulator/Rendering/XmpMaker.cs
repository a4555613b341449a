namespace AssetCompute.Emulator;

/// <summary>Makes <c>fmt=xmp</c>: the metadata of the source as XML.</summary>
internal sealed class XmpMaker : IRenditionMaker
{
    public bool Makes(string format) => format == "xmp";

    public async Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var source = await workspace.SourceAsync(cancellationToken).ConfigureAwait(false);
        var xmp = XmpReader.Find(await File.ReadAllBytesAsync(source.Path, cancellationToken).ConfigureAwait(false)) ?? XmpReader.Describe(source);
        return RenditionContent.OfText($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xmp}\n", "text/xml");
    }
}
