using System.Text.Json;
using AssetCompute.Client.StorageTests;
using Microsoft.Playwright;

namespace AssetCompute.Client.Pages;

/// <summary>Runs Deque's axe-core, from npm, to find accessibility problems of a page.</summary>
internal static class Axe
{
    /// <summary>Examines a page in its current state.</summary>
    /// <returns>The violations with rule, help, and elements; empty if there are none.</returns>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "NodeAxe");
        await NodePackages.InstallAsync(folder, cancellationToken);

        // The script is evaluated instead of loaded, because the content security policy of the page applies to scripts that it loads.
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(folder, "node_modules", "axe-core", "axe.min.js"), cancellationToken));
        }

        JsonElement? violations = await page.EvaluateAsync("async () => (await axe.run()).violations.map(v => `${v.id}: ${v.help} (${v.nodes.map(n => n.html).join(' | ')})`)");
        return [.. violations!.Value.EnumerateArray().Select(static violation => violation.GetString()!)];
    }
}
