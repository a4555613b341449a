#if NETSTANDARD2_0
namespace AssetCompute.Client;

/// <summary>Static members of .NET 10 for .NET Standard 2.0.</summary>
internal static class FrameworkMembers
{
    extension(File)
    {
        public static void Move(string sourceFileName, string destFileName, bool overwrite)
        {
            if (overwrite && File.Exists(destFileName))
            {
                File.Replace(sourceFileName, destFileName, destinationBackupFileName: null);
            }
            else
            {
                File.Move(sourceFileName, destFileName);
            }
        }
    }
}
#endif
