namespace Quickstart;

/// <summary>The results of all renditions.</summary>
internal sealed record QuickstartResult(string RequestId, Photograph Photograph, IReadOnlyList<RenditionOutcome> Renditions)
{
    public bool Succeeded => Renditions.All(rendition => rendition.Problem is null);
}
