namespace AssetCompute.Client.Http.Resilience;

/// <summary>What a failure says about the request. Whether it may be sent again depends on it.</summary>
internal enum FailureKind
{
    /// <summary>There is no failure, or another attempt would fail in the same way.</summary>
    None,

    /// <summary>The service refused the request (429) and did nothing.</summary>
    Refused,

    /// <summary>Nothing has reached the service.</summary>
    NotSent,

    /// <summary>The service may or may not have done what was asked.</summary>
    Unclear,
}
