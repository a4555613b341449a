namespace AssetCompute.Client.Http;

/// <summary>The kind of a call. The retry rules, the errors and the telemetry depend on it.</summary>
/// <param name="Name">The name for messages.</param>
/// <param name="TelemetryName">The name as one word, for metrics. For the operations of the service, also their path.</param>
internal sealed record OperationKind(string Name, string TelemetryName)
{
    public static readonly OperationKind Register = new("POST /register", "register");
    public static readonly OperationKind Unregister = new("POST /unregister", "unregister");
    public static readonly OperationKind Process = new("POST /process", "process");
    public static readonly OperationKind ReadJournal = new("Reading the journal", "read_journal");
    public static readonly OperationKind GetToken = new("The token request", "get_token");
}
