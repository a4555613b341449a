namespace AssetCompute.Client.PackageTests;

/// <summary>The tables of docs/dependencies.md: tables under the name of a package, and tables with the package in each row.</summary>
internal static class DependenciesPage
{
    /// <summary>Returns the packages and shared frameworks that the page lists for a package of this repository.</summary>
    public static IEnumerable<string> Of(string id)
    {
        string heading = "", package = "";
        bool namesThePackage = false;
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "docs", "dependencies.md")))
        {
            string[] cells = [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                heading = line[3..];
            }
            else if (line.StartsWith("| package |", StringComparison.Ordinal))
            {
                namesThePackage = cells[1] == "brings";
            }
            else if (line.StartsWith("| ", StringComparison.Ordinal))
            {
                // A row without a package belongs to the package of the row above.
                package = !namesThePackage ? heading : cells[0].Length > 0 ? cells[0] : package;
                string names = cells[namesThePackage ? 1 : 0];
                foreach (string name in package == id ? names.Split(", ") : [])
                {
                    yield return name.Replace("the shared framework ", "", StringComparison.Ordinal);
                }
            }
        }
    }
}
