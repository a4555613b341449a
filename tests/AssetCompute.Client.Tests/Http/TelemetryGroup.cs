namespace AssetCompute.Client.Tests.Http;

/// <summary>Listeners receive the telemetry of the whole process, so no other test may use the client at the same time.</summary>
[CollectionDefinition("Telemetry", DisableParallelization = true)]
public class TelemetryGroup;
