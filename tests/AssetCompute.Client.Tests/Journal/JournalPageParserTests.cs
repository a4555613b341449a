using System.Text;
using System.Text.Json;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Tests.Journal;

public class JournalPageParserTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void Parse_InPiecesOfAnySize_GivesEveryEntry(int piece)
    {
        byte[] page = Encoding.UTF8.GetBytes(Pages.Page(0, 500));

        var entries = Pages.Parse(page, () => piece);

        Assert.Equal(500, entries.Count);
        for (int i = 0; i < entries.Count; i++)
        {
            Assert.Equal(Pages.Position(i), entries[i].Position);
            Assert.Equal(Pages.Event(i), entries[i].Raw);
            Assert.Equal(RenditionEventKind.Created, entries[i].Kind);
            Assert.Equal(i % 3, entries[i].Index);
        }
    }

    [Theory]
    [InlineData("""{"events":[]}""", 0)]
    [InlineData("""{"_page":{"events":[{"position":"x","event":{}}]},"events":[{"position":"p","event":{}}]}""", 1)]
    [InlineData("""{"other":[{"position":"x","event":{}}],"events":[{"position":"p","event":{}}],"more":[{"position":"y","event":{}}]}""", 1)]
    [InlineData("""{"events":[1,"x",null,[{"event":{}}],{"position":"p","event":{}}]}""", 1)]
    public void Parse_OtherShapes_FindsJustTheEntries(string page, int expected) =>
        Assert.Equal(expected, Pages.Parse(Encoding.UTF8.GetBytes(page), () => 3).Count);

    [Theory]
    [InlineData("""{"events":[{"event":"text","position":"p"}]}""", "\"text\"")]
    [InlineData("""{"events":[{"event":[1,[2],{"a":3}],"position":"p"}]}""", """[1,[2],{"a":3}]""")]
    [InlineData("""{"events":[{"event":12.5,"position":"p"}]}""", "12.5")]
    [InlineData("""{"events":[{"event":null,"position":"p"}]}""", "null")]
    [InlineData("""{"events":[{"position":"p"}]}""", "")]
    [InlineData("""{"events":[{"event":{"event":{"position":"q"}},"position":"p","event2":{}}]}""", """{"event":{"position":"q"}}""")]
    public void Parse_EventOfAnyKind_IsKeptWhole(string page, string raw)
    {
        var entry = Assert.Single(Pages.Parse(Encoding.UTF8.GetBytes(page), () => 2));

        Assert.Equal(raw, entry.Raw);
        Assert.Equal("p", entry.Position);
        Assert.Equal(RenditionEventKind.Other, entry.Kind);
    }

    [Theory]
    [InlineData("""{"events":[{"position":"p","event":{"type":"\ud800"}}]}""")]
    [InlineData("""{"events":[{"position":"p","event":{"\ud800":1,"type":"other"}}]}""")]
    [InlineData("""{"events":[{"\udc00":1,"position":"p","event":{}}]}""")]
    [InlineData("""{"\ud83d":1,"events":[{"position":"p","event":{}}]}""")]
    public void Parse_HalfASurrogatePair_DoesNotEndTheReading(string page)
    {
        var entry = Assert.Single(Pages.Parse(Encoding.UTF8.GetBytes(page), () => 3));

        Assert.Equal("p", entry.Position);
        Assert.Equal(RenditionEventKind.Other, entry.Kind);
        Assert.IsType<UnknownEvent>(EventParser.Parse(Encoding.UTF8.GetBytes(entry.Raw)));
    }

    [Fact]
    public void Parse_PositionWithEscapes_IsUnescaped()
    {
        var entry = Assert.Single(Pages.Parse("""{"events":[{"position":"a\/b\u00e9","event":{}}]}"""u8.ToArray(), () => 1));

        Assert.Equal("a/bé", entry.Position);
    }

    [Fact]
    public void Parse_EventLargerThanAChunk_IsKeptWhole()
    {
        // Each part of it differs, or a buffer of the pool could hold what was never copied there.
        string big = string.Concat(Enumerable.Range(0, 3 * JournalPageParser.ChunkBytes / 6).Select(i => $"{i:d6}"));
        string page = $$$"""{"events":[{{{Pages.Entry(1)}}},{"position":"big","event":{"t":"{{{big}}}"}},{{{Pages.Entry(2)}}}]}""";

        var entries = Pages.Parse(Encoding.UTF8.GetBytes(page), () => 10_000);

        Assert.Equal([Pages.Position(1), "big", Pages.Position(2)], entries.Select(entry => entry.Position));
        Assert.Equal($$"""{"t":"{{big}}"}""", entries[1].Raw);
    }

    [Fact]
    public void Parse_EventOverTheBound_IsRefusedWithTheOptionsName()
    {
        string page = $$$"""{"events":[{"position":"big","event":{"t":"{{{new string('x', 600_000)}}}"}}]}""";

        JsonException exception = Assert.Throws<JsonException>(() => Pages.Parse(Encoding.UTF8.GetBytes(page), () => 10_000, maxEventBytes: 256 * 1024));

        Assert.Contains(nameof(JournalOptions.MaxEventBytes), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FieldOutsideTheEventsOfAnySize_NeedsNoRoom()
    {
        string page = $$"""{"_page":{"note":["{{string.Join("\",\"", Enumerable.Repeat("abcdefgh", 100_000))}}"]},"events":[{{Pages.Entry(1)}}]}""";

        Assert.Single(Pages.Parse(Encoding.UTF8.GetBytes(page), () => 10_000, maxEventBytes: 128 * 1024));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"error":"x"}""")]
    [InlineData("""{"events":null}""")]
    [InlineData("""{"events":{"events":[{"event":1}]}}""")]
    [InlineData("""[{"position":"p","event":{}}]""")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("<html>")]
    [InlineData("""{"events":[{"position":"p","event":{}}""")]
    [InlineData("""{"events":[{"position":"p","event":{}}]}}""")]
    [InlineData("""{"events":[{"position":"p","event":{}},]}""")]
    public void Parse_BrokenPage_Throws(string page) =>
        Assert.ThrowsAny<JsonException>(() => Pages.Parse(Encoding.UTF8.GetBytes(page), () => 5));

    [Fact]
    public void TakeChunk_AfterABreakInTheMiddle_GivesTheEntriesThatWereWhole()
    {
        byte[] page = Encoding.UTF8.GetBytes(Pages.Page(0, 10));
        using JournalPageParser parser = new(1 << 20);
        int half = Encoding.UTF8.GetByteCount("""{"events":[""" + string.Join(",", Enumerable.Range(0, 4).Select(Pages.Entry))) + 20;
        page.AsMemory(0, half).CopyTo(parser.FreeSpace);

        Assert.False(parser.Advance(half));
        Assert.ThrowsAny<JsonException>(() => parser.Advance(0));

        using JournalChunk? chunk = parser.TakeChunk();
        Assert.Equal(4, chunk!.Slices.Length);
        Assert.Equal(Pages.Position(3), chunk.PositionOf(chunk.Slices[3]));
    }

    [Theory]
    [InlineData("""{"position":"p\u002d1","event":{"type":"rendition_created","requestId":"r","userData":{"a":"b"}}}""", "p-1")]
    [InlineData("""{"event":{"type":"rendition_created","requestId":"r","userData":{"a":"b"}},"position":"p-1"}""", "p-1")]
    [InlineData("""{"event":{"type":"rendition_created","requestId":"r","userData":{"a":"b"}}}""", null)]
    public void Entry_AfterItsChunkWasGivenBackAndUsedAgain_IsStillWhole(string json, string? position)
    {
        byte[] page = Encoding.UTF8.GetBytes($$"""{"events":[{{Pages.Entry(0)}},{{json}}]}""");
        using JournalPageParser parser = new(1 << 20);
        page.CopyTo(parser.FreeSpace);
        parser.Advance(page.Length);
        parser.Advance(0);
        JournalChunk chunk = parser.TakeChunk()!;
        JournalEntry entry = new(chunk, 1);

        byte[] buffer = chunk.Buffer;
        chunk.Slices.Clear();
        chunk.Dispose();
        buffer.AsSpan().Fill((byte)'x');

        Assert.Equal(position, entry.Position.Value);
        RenditionCreated created = Assert.IsType<RenditionCreated>(entry.Event);
        Assert.Equal("r", created.RequestId);
        Assert.Equal("b", (string?)created.UserData!["a"]);
        Assert.StartsWith("{\"type\"", Encoding.UTF8.GetString(entry.Raw.Span), StringComparison.Ordinal);
    }
}
