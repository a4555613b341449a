namespace AssetExport;

/// <summary>What applies to the assets below a folder that do not have one of the properties. The rule of the deepest folder counts.</summary>
public sealed class FolderRule
{
    /// <summary>The folder in AEM, such as <c>/content/dam/campaign</c>.</summary>
    public string Path { get; set; } = "";

    /// <summary>The destinations, several with commas. Default: none.</summary>
    public string Destinations { get; set; } = "";

    /// <summary>Whether the assets are exported at once. Default: no.</summary>
    public bool Immediate { get; set; }
}
