namespace AssetCompute.Emulator;

/// <summary>Makes <c>fmt=pdf</c> from a PDF. The rendition is the source itself.</summary>
internal sealed class PdfMaker : IRenditionMaker
{
    private const string MediaType = "application/pdf";

    public bool Makes(string format) => format == "pdf";

    public async Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var source = await workspace.SourceAsync(cancellationToken).ConfigureAwait(false);
        return source.Header?.MediaType == MediaType
            ? RenditionContent.OfFile(source.Path, MediaType)
            : throw RenditionFailure.FormatUnsupported($"No plan could be found for : {source.Header?.MediaType ?? MediaTypes.Essence(source.MediaType)} -> {MediaType}");
    }
}
