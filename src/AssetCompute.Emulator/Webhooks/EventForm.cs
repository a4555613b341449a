namespace AssetCompute.Emulator;

/// <summary>Which of the two forms the events of AEM take.</summary>
public enum EventForm
{
    /// <summary>CloudEvents 1.0, as AEM as a Cloud Service sends them (the default): <c>aem.assets.asset.published</c>.</summary>
    CloudEvents,

    /// <summary>XDM in activity streams, as the event add-on of older AEM versions sends them: <c>xdmPublished</c>.</summary>
    Xdm,
}
