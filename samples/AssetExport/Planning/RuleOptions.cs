namespace AssetExport;

/// <summary>The rules for the destinations and the time of an export: the section <c>Rules</c> of the configuration.</summary>
internal sealed class RuleOptions
{
    /// <summary>The metadata property that contains the destinations. Default: <c>exportDestination</c>.</summary>
    public string DestinationProperty { get; set; } = "exportDestination";

    /// <summary>The destinations for a value of that property, with commas; empty for none. Other values are names of destinations. Default: none.</summary>
    public Dictionary<string, string> DestinationValues { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The metadata property that determines whether an asset is exported immediately. Default: <c>exportImmediately</c>.</summary>
    public string ImmediateProperty { get; set; } = "exportImmediately";

    /// <summary>The values of that property that mean yes, ignoring case. Default: <c>yes</c> and <c>true</c>.</summary>
    public List<string> ImmediateValues { get; } = [];

    /// <summary>The defaults by folder for assets that lack one of the properties. Default: none.</summary>
    public List<FolderRule> Folders { get; } = [];
}
