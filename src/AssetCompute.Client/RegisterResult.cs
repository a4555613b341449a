namespace AssetCompute.Client;

/// <summary>What the service answers to a registration.</summary>
/// <param name="Journal">The URL of the client's event journal.</param>
/// <param name="RequestId">The id under which the service and its support know the call.</param>
public sealed record RegisterResult(Uri Journal, string RequestId);
