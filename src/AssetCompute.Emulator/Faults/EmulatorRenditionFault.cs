using System.Diagnostics.CodeAnalysis;

namespace AssetCompute.Emulator;

/// <summary>Makes renditions fail, by their name, by the name of their asset, or by both, before anything is fetched or rendered.</summary>
public sealed record EmulatorRenditionFault : PlannedFault
{
    /// <summary>The rendition's <c>name</c>, or the last segments of its target's path. <c>*</c> matches any characters. Default: every rendition.</summary>
    public string? Name { get; init; }

    /// <summary>The source's <c>name</c>, or the last segments of its URL's path. <c>*</c> matches any characters. Default: every asset.</summary>
    public string? Asset { get; init; }

    /// <summary>The event's <c>errorReason</c>, such as <c>SourceCorrupt</c> or <c>RenditionTooLarge</c>. Any text is allowed.</summary>
    public required string Reason { get; init; }

    /// <summary>The event's <c>errorMessage</c>. Default: a message that identifies a fault of the emulator.</summary>
    [AllowNull]
    public string Message { get => field ?? $"The emulator was told to fail this rendition with {Reason}."; init; }

    internal override string Subject => string.Join(" of ", new[] { Name is null ? null : $"rendition {Name}", Asset is null ? null : $"asset {Asset}" }.OfType<string>());

    internal override string Title => Reason;

    internal bool IsFor(IEnumerable<string> renditionNames, IEnumerable<string> assetNames) =>
        (Name is null || renditionNames.Any(name => FaultPattern.Matches(Name, name))) && (Asset is null || assetNames.Any(name => FaultPattern.Matches(Asset, name)));

    internal override void Check()
    {
        base.Check();
        ArgumentException.ThrowIfNullOrWhiteSpace(Reason, "reason");
        if (string.IsNullOrEmpty(Name) && string.IsNullOrEmpty(Asset))
        {
            throw new ArgumentException("A rendition fails by its name or by its asset's.", "name");
        }
    }
}
