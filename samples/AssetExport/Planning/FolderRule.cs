namespace AssetExport;

/// <summary>The defaults for assets below a folder that lack one of the properties. The rule of the deepest folder applies.</summary>
internal sealed class FolderRule
{
    /// <summary>The folder in AEM, such as <c>/content/dam/campaign</c>.</summary>
    public string Path { get; set; } = "";

    /// <summary>The destinations, separated by commas. Default: none.</summary>
    public string Destinations { get; set; } = "";

    /// <summary>Whether the assets are exported immediately. Default: no.</summary>
    public bool Immediate { get; set; }
}
