namespace AssetCompute.Client;

/// <summary>The service's answer to a registration.</summary>
public sealed record RegisterResult
{
    /// <summary>The URL of the client's event journal.</summary>
    public required Uri Journal { get; init; }

    /// <summary>The id of the call, which Adobe's support asks for.</summary>
    public required string RequestId { get; init; }
}
