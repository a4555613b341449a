namespace AssetCompute.Client.Http.Resilience;

/// <summary>What a failure says of the request: whether it may be sent again depends on it.</summary>
internal enum FailureKind
{
    /// <summary>There is none, or trying again would bring the same.</summary>
    None,

    /// <summary>The service refused it (429), and did nothing.</summary>
    Refused,

    /// <summary>Nothing has reached the service.</summary>
    NotSent,

    /// <summary>The service may or may not have done what was asked.</summary>
    Unclear,
}
