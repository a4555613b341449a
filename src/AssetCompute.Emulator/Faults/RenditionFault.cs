namespace AssetCompute.Emulator;

/// <summary>Which renditions fail, and what their events contain.</summary>
/// <param name="Rendition">The name of the rendition or of its target; null for every rendition.</param>
/// <param name="Asset">The source's name; null for every source.</param>
/// <param name="Reason">The <c>errorReason</c>.</param>
/// <param name="Message">The <c>errorMessage</c>.</param>
/// <param name="Span">The time span in which the fault applies and counts.</param>
internal sealed record RenditionFault(string? Rendition, string? Asset, string Reason, string Message, FaultSpan Span)
{
    public bool IsFor(IEnumerable<string> renditionNames, IEnumerable<string> assetNames) =>
        (Rendition is null || renditionNames.Any(name => FaultPattern.Matches(Rendition, name)))
        && (Asset is null || assetNames.Any(name => FaultPattern.Matches(Asset, name)))
        && Span.IsNow;

    public override string ToString() =>
        string.Join(" of ", new[] { Rendition is null ? null : $"rendition {Rendition}", Asset is null ? null : $"asset {Asset}" }.OfType<string>());
}
