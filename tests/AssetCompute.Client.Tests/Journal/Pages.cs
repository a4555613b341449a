using System.Globalization;
using System.Text;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>Pages of a journal as the service writes them, and the entries that the reader finds in them.</summary>
internal static class Pages
{
    public static string Position(int index) => string.Create(CultureInfo.InvariantCulture, $"rabbit:{index:x8}-0000-4000-8000-000000000000:{index:x8}");

    public static string Event(int index) =>
        $$$$"""{"type":"rendition_created","requestId":"request-{{{{index}}}}","source":"https://a.example/{{{{index}}}}.jpg","rendition":{"name":"r","userData":{"x":[1,{"index":9}],"assetComputeClient":{"index":{{{{index % 3}}}},"length":3,"request":"own-{{{{index}}}}"}}},"metadata":{"repo:size":{{{{index}}}}}}""";

    public static string Page(int first, int count) =>
        $$$"""{"events":[{{{string.Join(",", Enumerable.Range(first, count).Select(Entry))}}}],"_page":{"last":"{{{Position(first + count - 1)}}}","count":{{{count}}}}}""";

    public static string Entry(int index) => $$"""{"position":"{{Position(index)}}","event":{{Event(index)}}}""";

    /// <summary>Passes the bytes to the reader in pieces, and returns the entries.</summary>
    public static List<JournalEntry> Read(byte[] page, Func<int>? nextPiece = null, int maxEventBytes = 1 << 20)
    {
        List<JournalEntry> entries = [];
        using JournalPageReader reader = new(maxEventBytes);
        int offset = 0;
        int count;
        do
        {
            count = Math.Min(Math.Max(1, nextPiece?.Invoke() ?? int.MaxValue), page.Length - offset);
            reader.Read(page[offset..(offset + count)], count);
            offset += count;
            if (reader.HasBatch)
            {
                entries.AddRange(reader.TakeEntries());
            }
        }
        while (count > 0);

        entries.AddRange(reader.TakeEntries());
        return entries;
    }

    public static string RawOf(this JournalEntry found) => Encoding.UTF8.GetString(found.Raw.Span);
}
