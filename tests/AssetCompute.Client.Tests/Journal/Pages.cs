using System.Globalization;
using System.Text;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>Pages of a journal as the service writes them, and what a parser makes of bytes.</summary>
internal static class Pages
{
    public static string Position(int index) => string.Create(CultureInfo.InvariantCulture, $"rabbit:{index:x8}-0000-4000-8000-000000000000:{index:x8}");

    public static string Event(int index) =>
        $$$$"""{"type":"rendition_created","requestId":"request-{{{{index}}}}","source":"https://a.example/{{{{index}}}}.jpg","rendition":{"name":"r","userData":{"x":[1,{"index":9}],"assetComputeClient":{"index":{{{{index % 3}}}},"length":3,"request":"own-{{{{index}}}}"}}},"metadata":{"repo:size":{{{{index}}}}}}""";

    public static string Page(int first, int count) =>
        $$$"""{"events":[{{{string.Join(",", Enumerable.Range(first, count).Select(Entry))}}}],"_page":{"last":"{{{Position(first + count - 1)}}}","count":{{{count}}}}}""";

    public static string Entry(int index) => $$"""{"position":"{{Position(index)}}","event":{{Event(index)}}}""";

    /// <summary>Feeds the bytes in pieces, and collects the entries.</summary>
    public static List<(string? Position, string Raw, RenditionEventKind Kind, int Index)> Parse(byte[] page, Func<int> nextPiece, int maxEventBytes = 1 << 20)
    {
        List<(string?, string, RenditionEventKind, int)> entries = [];
        Read(
            page,
            nextPiece,
            chunk =>
            {
                foreach (JournalSlice slice in chunk.Slices)
                {
                    entries.Add((
                        slice.PositionLength == 0 ? null : chunk.PositionOf(slice),
                        Encoding.UTF8.GetString(chunk.Buffer, slice.EventStart, slice.EventLength),
                        slice.Kind,
                        slice.RenditionIndex));
                }
            },
            maxEventBytes);
        return entries;
    }

    /// <summary>Feeds the bytes in pieces, and hands out the chunks.</summary>
    public static void Read(byte[] page, Func<int> nextPiece, Action<JournalChunk> take, int maxEventBytes = 1 << 20)
    {
        using JournalPageParser parser = new(maxEventBytes);
        int offset = 0;
        int count;
        do
        {
            Memory<byte> free = parser.FreeSpace;
            count = Math.Min(Math.Min(Math.Max(1, nextPiece()), free.Length), page.Length - offset);
            page.AsMemory(offset, count).CopyTo(free);
            offset += count;
            if (parser.Advance(count))
            {
                Take();
            }
        }
        while (count > 0);

        Take();

        void Take()
        {
            using JournalChunk? chunk = parser.TakeChunk();
            if (chunk is not null)
            {
                take(chunk);
            }
        }
    }
}
