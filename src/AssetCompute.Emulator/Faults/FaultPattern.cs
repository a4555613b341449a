using System.IO.Enumeration;

namespace AssetCompute.Emulator;

/// <summary>Names and paths that a fault is for: <c>*</c> matches any characters, <c>?</c> for one.</summary>
internal static class FaultPattern
{
    /// <summary>Whether a pattern is a name, or the end of a path from one of its segments on.</summary>
    public static bool Matches(string pattern, string path) =>
        FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false) || FileSystemName.MatchesSimpleExpression("*/" + pattern, path, ignoreCase: false);
}
