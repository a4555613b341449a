namespace AssetCompute.Emulator;

/// <summary>What happened to an asset in AEM.</summary>
public enum AemEventKind
{
    /// <summary>It was published: <c>aem.assets.asset.published</c>, or <c>xdmPublished</c>.</summary>
    Published,

    /// <summary>Its metadata changed: <c>aem.assets.asset.metadata_updated</c>, or <c>xdmUpdated</c>.</summary>
    MetadataUpdated,

    /// <summary>It is there in a new version, and its renditions are made: <c>aem.assets.asset.processing_completed</c>, or <c>xdmCreated</c> and <c>xdmUpdated</c>.</summary>
    ProcessingCompleted,

    /// <summary>It was deleted: <c>aem.assets.asset.deleted</c>, or <c>xdmDeleted</c>.</summary>
    Deleted,
}
