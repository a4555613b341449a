#if NETSTANDARD2_0
using System.Security.Cryptography;

namespace AssetCompute.Client;

/// <summary>A hash in one call, under the name of today's .NET, for .NET Standard 2.0.</summary>
internal static class Hashing
{
    extension(SHA256)
    {
        public static byte[] HashData(ReadOnlySpan<byte> source)
        {
            using SHA256 hash = SHA256.Create();
            return hash.ComputeHash(source.ToArray());
        }
    }
}
#endif
