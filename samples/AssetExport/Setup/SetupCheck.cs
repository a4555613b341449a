namespace AssetExport;

/// <summary>A check of the settings.</summary>
/// <param name="Name">The name.</param>
/// <param name="Advice">What to do if it fails.</param>
/// <param name="RunAsync">Returns what was seen. Throws <see cref="NotSupportedException"/> if it can't be checked, and any other exception if it fails.</param>
internal sealed record SetupCheck(string Name, string Advice, Func<CancellationToken, Task<string>> RunAsync);
