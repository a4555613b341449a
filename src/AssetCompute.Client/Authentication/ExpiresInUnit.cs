namespace AssetCompute.Client.Authentication;

/// <summary>The unit of <c>expires_in</c>: Adobe's two token endpoints differ, and the answer does not say.</summary>
internal enum ExpiresInUnit
{
    /// <summary>Of <c>/ims/token/v3</c>.</summary>
    Seconds,

    /// <summary>Of <c>/ims/exchange/jwt</c>.</summary>
    Milliseconds,
}
