namespace AssetCompute.Client;

/// <summary>What is being done for a file that is rendered.</summary>
public enum RenderStage
{
    /// <summary>The source is being uploaded.</summary>
    Uploading,

    /// <summary>The request is sent, and its events are waited for.</summary>
    Waiting,

    /// <summary>The service has made a rendition.</summary>
    Rendered,

    /// <summary>A rendition is being downloaded.</summary>
    Downloading,

    /// <summary>A rendition was written to its file.</summary>
    Completed,

    /// <summary>A rendition failed: by the service, for want of an event, or in its download.</summary>
    Failed,
}
