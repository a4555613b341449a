namespace AssetExport;

/// <summary>What decides where an asset goes, and when: the section <c>Rules</c> of the configuration.</summary>
public sealed class RuleOptions
{
    /// <summary>The metadata property that names the destinations. Default: <c>exportDestination</c>.</summary>
    public string DestinationProperty { get; set; } = "exportDestination";

    /// <summary>The destinations that a value of that property means, several with commas; empty for none. A value that is not here is itself the name of a destination. Default: none.</summary>
    public Dictionary<string, string> DestinationValues { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The metadata property that says whether an asset is exported at once. Default: <c>exportImmediately</c>.</summary>
    public string ImmediateProperty { get; set; } = "exportImmediately";

    /// <summary>The values of that property that mean yes, in upper or lower case. Default: <c>yes</c> and <c>true</c>.</summary>
    public List<string> ImmediateValues { get; } = [];

    /// <summary>What applies to the assets of a folder that do not have one of the properties. Default: none.</summary>
    public List<FolderRule> Folders { get; } = [];
}
