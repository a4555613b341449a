namespace AssetCompute.Client;

/// <summary>
/// A request and its events joined: hand in an asset, await its renditions.
/// </summary>
public interface IRenditionJobs
{
}
