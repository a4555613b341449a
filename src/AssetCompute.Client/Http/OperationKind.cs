namespace AssetCompute.Client.Http;

/// <summary>The kind of a call. The retry rules, the errors and the telemetry depend on it.</summary>
internal enum OperationKind
{
    Register,
    Unregister,
    Process,
    ReadJournal,
    GetToken,
}
