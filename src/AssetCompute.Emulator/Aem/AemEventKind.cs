namespace AssetCompute.Emulator;

/// <summary>The kind of change of an asset in AEM.</summary>
public enum AemEventKind
{
    /// <summary>The asset was published: <c>aem.assets.asset.published</c>, or <c>xdmPublished</c>.</summary>
    Published,

    /// <summary>The metadata changed: <c>aem.assets.asset.metadata_updated</c>, or <c>xdmUpdated</c>.</summary>
    MetadataUpdated,

    /// <summary>
    /// A new version exists and its renditions are made: <c>aem.assets.asset.processing_completed</c>, or <c>xdmCreated</c> and <c>xdmUpdated</c>.
    /// </summary>
    ProcessingCompleted,

    /// <summary>The asset was deleted: <c>aem.assets.asset.deleted</c>, or <c>xdmDeleted</c>.</summary>
    Deleted,
}
