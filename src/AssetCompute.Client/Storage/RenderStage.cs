namespace AssetCompute.Client;

/// <summary>What is being done for files that are rendered.</summary>
public enum RenderStage
{
    /// <summary>The source is on its way to the storage.</summary>
    Uploading,

    /// <summary>The service has finished a rendition, or failed it.</summary>
    Rendered,

    /// <summary>A rendition is on its way from the storage to its file.</summary>
    Downloading,
}
