namespace AssetCompute.Client;

/// <summary>How failed calls are tried again.</summary>
public sealed class AssetComputeRetryOptions
{
}
