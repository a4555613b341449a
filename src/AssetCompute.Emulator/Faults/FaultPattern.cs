using System.IO.Enumeration;

namespace AssetCompute.Emulator;

/// <summary>The names and paths that a fault applies to. <c>*</c> matches any characters, <c>?</c> matches one.</summary>
internal static class FaultPattern
{
    /// <summary>Whether a pattern matches a name, or a path from the start of any segment to the end.</summary>
    public static bool Matches(string pattern, string path) =>
        FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false) || FileSystemName.MatchesSimpleExpression("*/" + pattern, path, ignoreCase: false);
}
