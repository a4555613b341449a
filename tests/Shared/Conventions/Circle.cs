namespace AssetCompute.Client.Tests.Conventions;

/// <summary>A path through references that ends where it starts.</summary>
internal static class Circle
{
    /// <returns>The folders of a cycle in order, with the first one repeated at the end; empty if there is no cycle.</returns>
    public static IReadOnlyList<string> Find(IReadOnlySet<(string From, string To)> doors)
    {
        ILookup<string, string> next = doors.OrderBy(door => door).ToLookup(door => door.From, door => door.To, StringComparer.Ordinal);
        HashSet<string> left = [];
        return next.Select(room => Walk(room.Key, [])).FirstOrDefault(circle => circle.Count > 0, []);

        IReadOnlyList<string> Walk(string room, IReadOnlyList<string> way)
        {
            if (way.Contains(room))
            {
                return [.. way.SkipWhile(passed => passed != room), room];
            }

            // A folder that was fully explored before isn't part of a cycle.
            IReadOnlyList<string> circle = left.Contains(room) ? [] : next[room].Select(other => Walk(other, [.. way, room])).FirstOrDefault(found => found.Count > 0, []);
            left.Add(room);
            return circle;
        }
    }
}
