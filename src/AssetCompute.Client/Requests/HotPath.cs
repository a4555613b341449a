using System.Runtime.CompilerServices;

namespace AssetCompute.Client;

/// <summary>How methods are compiled that run for each event or each of its fields.</summary>
internal static class HotPath
{
    /// <summary>
    /// Compiled well at the first call. Otherwise such a method runs for seconds in code that was compiled in haste and counts itself, which costs
    /// several times what the method costs later, and a program that reads a journal for a short while never gets out of it.
    /// </summary>
    /// <remarks>The name of the value is missing on .NET Standard 2.0; runtimes that do not know it pass it over.</remarks>
    public const MethodImplOptions Options = (MethodImplOptions)512;
}
