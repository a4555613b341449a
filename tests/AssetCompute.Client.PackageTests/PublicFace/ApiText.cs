using System.Text;

namespace AssetCompute.Client.PackageTests.PublicFace;

/// <summary>The public face of a package as a text: a line for each type and member, with the frameworks that have it where not all do.</summary>
internal static class ApiText
{
    public static string Of(string project)
    {
        IReadOnlyList<Library> libraries = Library.OfProject(project);
        try
        {
            SortedDictionary<string, SortedDictionary<string, List<string>>> types = new(StringComparer.Ordinal);
            foreach (Library library in libraries)
            {
                foreach (Type type in library.Types)
                {
                    // By name first, so that a class that becomes a record stays where it was.
                    string head = $"{TypeText.Of(type)}\n{TypeText.HeadOf(type)}";
                    SortedDictionary<string, List<string>> members = types.TryGetValue(head, out var known)
                        ? known
                        : types[head] = new SortedDictionary<string, List<string>>(StringComparer.Ordinal) { [""] = [] };
                    foreach (string line in MemberText.Of(type).Prepend(""))
                    {
                        (members.TryGetValue(line, out List<string>? frameworks) ? frameworks : members[line] = []).Add(library.Framework);
                    }
                }
            }

            return Print(types, libraries.Count);
        }
        finally
        {
            foreach (Library library in libraries)
            {
                library.Dispose();
            }
        }
    }

    private static string Print(SortedDictionary<string, SortedDictionary<string, List<string>>> types, int frameworks)
    {
        StringBuilder text = new();
        foreach ((string head, SortedDictionary<string, List<string>> members) in types)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(head.Split('\n')[1]).Append(Only(members[""], frameworks)).Append('\n');
            foreach ((string member, List<string> of) in members.Where(member => member.Key.Length > 0))
            {
                // Said once, where the whole type is not there.
                text.Append("    ").Append(member).Append(of.SequenceEqual(members[""]) ? "" : Only(of, frameworks)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Only(List<string> of, int frameworks) => of.Count == frameworks ? "" : $"    // only {string.Join(", ", of)}";
}
