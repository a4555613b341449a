using System.Text.Json;
using AssetCompute.Client.StorageTests;
using Microsoft.Playwright;

namespace AssetCompute.Client.Pages;

/// <summary>Deque's axe-core, from npm: what of a page hinders people with a disability.</summary>
internal static class Axe
{
    /// <summary>Examines a page as it is now.</summary>
    /// <returns>The violations: rule, help and the elements; empty if there are none.</returns>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "NodeAxe");
        await NodePackages.InstallAsync(folder, cancellationToken);

        // Evaluated, and not loaded by the page: its content security policy holds for scripts of the page.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(folder, "node_modules", "axe-core", "axe.min.js"), cancellationToken));
        JsonElement? violations = await page.EvaluateAsync("async () => (await axe.run()).violations.map(v => `${v.id}: ${v.help} (${v.nodes.map(n => n.html).join(' | ')})`)");
        return [.. violations!.Value.EnumerateArray().Select(static violation => violation.GetString()!)];
    }
}
