using System.Text.RegularExpressions;

namespace AssetCompute.Client.Journal;

/// <summary>Finds a target in <c>Link</c> headers (RFC 8288): several headers, one header with commas, parameters in any order and case.</summary>
internal static class LinkHeader
{
    // A link, and its parameters up to the comma that ends it. The parts cannot match each other's characters, so the time is proportional to the length.
    private static readonly Lazy<Regex> s_link = new(static () => new Regex(
        """<(?<target>[^<>]*)>(?<parameter>\s*;[^=;,]*(?:=\s*(?:"[^"]*"?|[^";,\s][^;,]*)?\s*)?)*""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture));

    public static string? Find(IEnumerable<string> headers, string relation) => headers
        .SelectMany(static header => s_link.Value.Matches(header).Cast<Match>())
        .FirstOrDefault(link => link.Groups["parameter"].Captures.Cast<Capture>().Any(parameter => IsRelation(parameter.Value, relation)))?
        .Groups["target"].Value.Trim();

    private static bool IsRelation(string parameter, string relation)
    {
        string[] parts = parameter.Split(['='], 2);
        return parts.Length == 2
            && string.Equals(parts[0].Trim().TrimStart(';').Trim(), "rel", StringComparison.OrdinalIgnoreCase)
            && parts[1].Trim().Trim('"').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Contains(relation, StringComparer.OrdinalIgnoreCase);
    }
}
