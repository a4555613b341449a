namespace AssetCompute.Client.Http.Resilience;

/// <summary>The effect of a failure on the request, which decides whether it may be sent again.</summary>
internal enum FailureKind
{
    /// <summary>There is no failure, or another attempt would fail in the same way.</summary>
    None,

    /// <summary>The service refused the request (429) and did not process it.</summary>
    Refused,

    /// <summary>The request did not reach the service.</summary>
    NotSent,

    /// <summary>The service may or may not have processed the request.</summary>
    Unclear,
}
