namespace AssetCompute.Client.Authentication;

/// <summary>
/// The identity that an account uses to call the service, from its options or its credentials file. Resolve it from the container as a keyed service with the
/// account's name. Neither value is a secret.
/// </summary>
public sealed record AssetComputeIdentity
{
    /// <summary>The IMS organization: the value of <c>x-gw-ims-org-id</c>.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>The client id: the value of <c>x-api-key</c>.</summary>
    public required string ClientId { get; init; }
}
