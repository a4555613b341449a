namespace AssetExport;

/// <summary>The reasons why nothing is exported, for the status page.</summary>
internal static class PlanReasons
{
    public const string Gone = "The asset is no longer in AEM, or the account is not allowed to read it.";

    public const string Changed = "The asset was changed in AEM after it was published. Its new content is exported when that content is published.";

    public const string NotNamed = "The metadata no longer names this destination.";
}
