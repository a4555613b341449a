namespace AssetCompute.Client;

/// <summary>The service's answer when a registration has ended.</summary>
public sealed record UnregisterResult
{
    /// <summary>The id of the call, which Adobe's support asks for.</summary>
    public required string RequestId { get; init; }
}
