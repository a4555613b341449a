namespace AssetCompute.Client;

/// <summary>The service's answer to an accepted request.</summary>
public sealed record ProcessResult
{
    /// <summary>The id of the request. Every event of the request has it.</summary>
    public required string RequestId { get; init; }
}
