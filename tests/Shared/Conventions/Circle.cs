namespace AssetCompute.Client.Tests.Conventions;

/// <summary>A way through doors that ends where it began.</summary>
internal static class Circle
{
    /// <returns>The rooms of a circle in their order, the first one again at the end; none where there is no circle.</returns>
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

            // What lies behind a room that was left is known: no circle.
            IReadOnlyList<string> circle = left.Contains(room) ? [] : next[room].Select(other => Walk(other, [.. way, room])).FirstOrDefault(found => found.Count > 0, []);
            left.Add(room);
            return circle;
        }
    }
}
