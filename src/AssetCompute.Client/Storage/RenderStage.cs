namespace AssetCompute.Client;

/// <summary>The steps of rendering a file.</summary>
public enum RenderStage
{
    /// <summary>The source is being uploaded.</summary>
    Uploading,

    /// <summary>The request was sent, and its events are pending.</summary>
    Waiting,

    /// <summary>The service has created a rendition.</summary>
    Rendered,

    /// <summary>A rendition is being downloaded.</summary>
    Downloading,

    /// <summary>A rendition was written to its file, or all renditions of one of many files were.</summary>
    Completed,

    /// <summary>A rendition failed in the service, timed out, or could not be downloaded, or one of many files lacks a rendition.</summary>
    Failed,
}
