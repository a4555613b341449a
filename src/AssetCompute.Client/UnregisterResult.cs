namespace AssetCompute.Client;

/// <summary>What the service answers when a registration has ended.</summary>
/// <param name="RequestId">The id under which the service and its support know the call.</param>
public sealed record UnregisterResult(string RequestId);
