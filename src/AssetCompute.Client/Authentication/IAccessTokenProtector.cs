namespace AssetCompute.Client.Authentication;

/// <summary>
/// Encrypts the access tokens that several processes share through a distributed cache. Implement it over what your processes share already,
/// such as ASP.NET Core's data protection or a key vault: whoever can read the cache must not be able to read the token, nor to put in
/// another unnoticed.
/// </summary>
/// <remarks>Called on many threads.</remarks>
public interface IAccessTokenProtector
{
    /// <summary>Encrypts and authenticates.</summary>
    /// <param name="plain">What must not be readable in the cache: at most some kilobytes.</param>
    /// <returns>What is stored.</returns>
    byte[] Protect(byte[] plain);

    /// <summary>The reverse of <see cref="Protect"/>.</summary>
    /// <param name="stored">What the cache held.</param>
    /// <returns>What was given to <see cref="Protect"/>.</returns>
    /// <exception cref="Exception">
    /// Any exception when it was not made by <see cref="Protect"/>, or with a key that is no longer known: the stored token is then ignored and
    /// replaced.
    /// </exception>
    byte[] Unprotect(byte[] stored);
}
