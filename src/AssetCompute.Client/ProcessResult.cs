namespace AssetCompute.Client;

/// <summary>What the service answers to an accepted request.</summary>
/// <param name="RequestId">The id of the request, which every event of it carries.</param>
public sealed record ProcessResult(string RequestId);
