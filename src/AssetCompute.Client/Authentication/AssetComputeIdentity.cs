namespace AssetCompute.Client.Authentication;

/// <summary>
/// As whom the service is called: the values of <c>x-gw-ims-org-id</c> and <c>x-api-key</c>. Neither is a secret.
/// </summary>
internal sealed record AssetComputeIdentity(string OrganizationId, string ClientId);
