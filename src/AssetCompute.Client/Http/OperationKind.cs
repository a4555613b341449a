namespace AssetCompute.Client.Http;

/// <summary>What a call is for: the retry rules, the errors and the telemetry depend on it.</summary>
internal enum OperationKind
{
    Register,
    Unregister,
    Process,
    ReadJournal,
    GetToken,
}
