namespace AssetCompute.Client.Webhooks;

/// <summary>What came of looking for a key.</summary>
internal enum PublicKeyStatus
{
    /// <summary>It is there.</summary>
    Found,

    /// <summary>The key host says that there is none of that name.</summary>
    Missing,

    /// <summary>It could not be had now: the key host cannot be reached, or answers otherwise than it should.</summary>
    Unavailable,
}
