namespace AssetCompute.Emulator;

/// <summary>The format of AEM events.</summary>
public enum EventForm
{
    /// <summary>CloudEvents 1.0, the format of AEM as a Cloud Service (the default): <c>aem.assets.asset.published</c>.</summary>
    CloudEvents,

    /// <summary>XDM in activity streams, the format of the event add-on of older AEM versions: <c>xdmPublished</c>.</summary>
    Xdm,
}
