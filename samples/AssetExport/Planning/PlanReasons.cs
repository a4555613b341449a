namespace AssetExport;

/// <summary>The reasons why nothing is exported, for the status page.</summary>
internal static class PlanReasons
{
    public const string Gone = "The asset is not in AEM any more, or the account may not read it.";

    public const string Changed = "The asset was changed in AEM since it was published. Its new content is exported when that is published.";

    public const string NotNamed = "The metadata name this destination no longer.";
}
