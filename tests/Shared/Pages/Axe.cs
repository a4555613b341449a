using System.Text.Json;
using AssetCompute.Client.StorageTests;
using Microsoft.Playwright;

namespace AssetCompute.Client.Pages;

/// <summary>Runs Deque's axe-core, from npm, to find accessibility problems of a page.</summary>
internal static class Axe
{
    /// <summary>Examines a page in its current state.</summary>
    /// <param name="page">The page.</param>
    /// <param name="onlyColors">Whether to apply only the rules about colors, for a page that differs only in its color scheme from one that was examined.</param>
    /// <param name="cancellationToken">A token to cancel the examination.</param>
    /// <returns>The violations with rule, help, and elements; empty if there are none.</returns>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page, bool onlyColors, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "NodeAxe");
        await NodePackages.InstallAsync(folder, cancellationToken);

        // The script is evaluated instead of loaded, because the content security policy of the page applies to scripts that it loads.
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(folder, "node_modules", "axe-core", "axe.min.js"), cancellationToken));
        }

        JsonElement? violations = await page.EvaluateAsync(
            """
            async onlyColors => {
                const rules = onlyColors ? { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } } : {};
                const { violations } = await axe.run({ resultTypes: ['violations'], ...rules });
                return violations.map(v => `${v.id}: ${v.help} (${v.nodes.map(n => n.html).join(' | ')})`);
            }
            """,
            onlyColors);
        return [.. violations!.Value.EnumerateArray().Select(static violation => violation.GetString()!)];
    }
}
