using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

public class JournalPageReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void Read_InPiecesOfAnySize_GivesEveryEntry(int piece)
    {
        byte[] page = Encoding.UTF8.GetBytes(Pages.Page(0, 500));

        var entries = Pages.Read(page, () => piece);

        Assert.Equal(500, entries.Count);
        for (int i = 0; i < entries.Count; i++)
        {
            Assert.Equal(Pages.Position(i), entries[i].Position.Value);
            Assert.Equal(Pages.Event(i), entries[i].RawOf());
            Assert.Null(entries[i].Problem);
        }
    }

    [Theory]
    [InlineData("""{"events":[]}""", 0)]
    [InlineData("""{"_page":{"events":[{"position":"x","event":{}}]},"events":[{"position":"p","event":{}}]}""", 1)]
    [InlineData("""{"other":[{"position":"x","event":{}}],"events":[{"position":"p","event":{}}],"more":[{"position":"y","event":{}}]}""", 1)]
    [InlineData("""{"events":[1,"x",null,[{"event":{}}],{"position":"p","event":{}}]}""", 1)]
    public void Read_OtherShapes_FindsJustTheEntries(string page, int expected) =>
        Assert.Equal(expected, Pages.Read(Encoding.UTF8.GetBytes(page), () => 3).Count);

    [Theory]
    [InlineData("""{"events":[{"event":"text","position":"p"}]}""", "\"text\"")]
    [InlineData("""{"events":[{"event":[1,[2],{"a":3}],"position":"p"}]}""", """[1,[2],{"a":3}]""")]
    [InlineData("""{"events":[{"event":12.5,"position":"p"}]}""", "12.5")]
    [InlineData("""{"events":[{"event":null,"position":"p"}]}""", "null")]
    [InlineData("""{"events":[{"position":"p"}]}""", "")]
    [InlineData("""{"events":[{"event":{"event":{"position":"q"}},"position":"p","event2":{}}]}""", """{"event":{"position":"q"}}""")]
    public void Read_EventOfAnyKind_IsKeptWhole(string page, string raw)
    {
        var entry = Assert.Single(Pages.Read(Encoding.UTF8.GetBytes(page), () => 2));

        Assert.Equal(raw, entry.RawOf());
        Assert.Equal("p", entry.Position.Value);
        Assert.IsType<UnknownEvent>(entry.Event);
    }

    [Fact]
    public void Read_TextAfterAnEventThatIsTooDeep_HasNoProblem()
    {
        string deep = new string('[', 300) + new string(']', 300);

        var entries = Pages.Read(Encoding.UTF8.GetBytes($$"""{"events":[{"position":"p","event":{{deep}}},{"position":"q","event":"text"}]}"""), () => int.MaxValue);

        Assert.NotNull(entries[0].Problem);
        Assert.Null(entries[1].Problem);
    }

    [Theory]
    [InlineData("""{"events":[{"position":"p","event":{"type":"\ud800"}}]}""")]
    [InlineData("""{"events":[{"position":"p","event":{"\ud800":1,"type":"other"}}]}""")]
    [InlineData("""{"events":[{"\udc00":1,"position":"p","event":{}}]}""")]
    [InlineData("""{"\ud83d":1,"events":[{"position":"p","event":{}}]}""")]
    public void Read_HalfASurrogatePair_DoesNotEndTheReading(string page)
    {
        var entry = Assert.Single(Pages.Read(Encoding.UTF8.GetBytes(page), () => 3));

        Assert.Equal("p", entry.Position.Value);
        Assert.IsType<UnknownEvent>(entry.Event);
    }

    [Fact]
    public void Read_PositionWithEscapes_IsUnescaped()
    {
        var entry = Assert.Single(Pages.Read("""{"events":[{"position":"a\/b\u00e9","event":{}}]}"""u8.ToArray(), () => 1));

        Assert.Equal("a/bé", entry.Position.Value);
    }

    [Fact]
    public void Read_EventLargerThanAChunk_IsKeptWhole()
    {
        // Each part differs, because a pooled buffer could otherwise contain data that was never copied.
        string big = string.Concat(Enumerable.Range(0, 3 * JournalPageReader.BatchBytes / 6).Select(i => $"{i:d6}"));
        string page = $$$"""{"events":[{{{Pages.Entry(1)}}},{"position":"big","event":{"t":"{{{big}}}"}},{{{Pages.Entry(2)}}}]}""";

        var entries = Pages.Read(Encoding.UTF8.GetBytes(page), () => 10_000);

        Assert.Equal([Pages.Position(1), "big", Pages.Position(2)], entries.Select(entry => entry.Position.Value));
        Assert.Equal($$"""{"t":"{{big}}"}""", entries[1].RawOf());
    }

    [Fact]
    public void Read_NumberOverTheBound_IsSkippedWhereverAPieceEnds()
    {
        string page = $$$"""{"events":[{"position":"big","event":1{{{new string('0', 100_000)}}}.5e-7},{{{Pages.Entry(2)}}}]}""";
        int fraction = page.IndexOf('.', StringComparison.Ordinal);
        for (int end = fraction; end <= fraction + 6; end++)
        {
            Queue<int> pieces = new([end]);

            List<JournalEntry> entries = Pages.Read(Encoding.UTF8.GetBytes(page), () => pieces.TryDequeue(out int piece) ? piece : int.MaxValue, maxEventBytes: 1_024);

            Assert.Equal(["big", Pages.Position(2)], entries.Select(entry => entry.Position.Value));
            Assert.Equal(["", Pages.Event(2)], entries.Select(entry => entry.RawOf()));
        }
    }

    [Theory]
    [InlineData("""{"t":"@"}""", 'x')]
    [InlineData("""{"t":"\\\"@\\"}""", '\\')]
    [InlineData("""["@",[{"a":"]}"}]]""", '[')]
    [InlineData("""{"t":[@1]}""", ' ')]
    [InlineData("@", '1')]
    [InlineData("\"@\"", 'x')]
    public void Read_EventOverTheBound_IsSkippedWithTheNameOfTheOption(string json, char filler)
    {
        foreach (int size in (int[])[1_100, 50_008, 300_000])
        {
            foreach (int piece in (int[])[1 + (size / 1000), 10_000, int.MaxValue])
            {
                string big = json.Replace("@", new string(filler, size + (size % 2)), StringComparison.Ordinal);
                string page = $$$"""{"events":[{{{Pages.Entry(1)}}},{"position":"before","event":{{{big}}}},{"event":{{{big}}},"position":"after"},{{{Pages.Entry(2)}}}]}""";

                List<JournalEntry> entries = Pages.Read(Encoding.UTF8.GetBytes(page), () => piece, maxEventBytes: 1_024);

                Assert.Equal([Pages.Position(1), "before", "after", Pages.Position(2)], entries.Select(entry => entry.Position.Value));
                Assert.Equal([Pages.Event(1), "", "", Pages.Event(2)], entries.Select(entry => entry.RawOf()));
                Assert.Equal([false, true, true, false], entries.Select(entry => entry.Problem?.Contains("MaxEventBytes", StringComparison.Ordinal) ?? false));
            }
        }
    }

    [Theory]
    [InlineData(1_024, false)]
    [InlineData(1_025, true)]
    public void Read_EventAtTheBound_IsTakenAndBeyondSkipped(int bytes, bool isSkipped)
    {
        string json = $$"""{"t":"{{new string('x', bytes - 8)}}"}""";

        JournalEntry entry = Assert.Single(Pages.Read(Encoding.UTF8.GetBytes($$$"""{"events":[{"position":"p","event":  {{{json}}}  }]}"""), maxEventBytes: 1_024));

        Assert.Equal(bytes, json.Length);
        Assert.Equal(isSkipped, entry.Problem is not null);
    }

    [Theory]
    [InlineData(256, false)]
    [InlineData(257, true)]
    [InlineData(300, true)]
    [InlineData(100_000, true)]
    public void Read_EventNestedTooDeeply_IsSkippedAndTheRestRead(int depth, bool isSkipped)
    {
        string deep = new string('[', depth - 1) + new string(']', depth - 1);
        string page = $$$"""{"events":[{{{Pages.Entry(1)}}},{"position":"deep","event":{"a":{{{deep}}}}},{{{Pages.Entry(2)}}}]}""";

        List<JournalEntry> entries = Pages.Read(Encoding.UTF8.GetBytes(page), () => 10_000);

        Assert.Equal([Pages.Position(1), "deep", Pages.Position(2)], entries.Select(entry => entry.Position.Value));
        Assert.Equal([false, isSkipped, false], entries.Select(entry => entry.Problem is not null));
        Assert.Equal($$"""{"a":{{deep}}}""", entries[1].RawOf());
        Assert.IsType<UnknownEvent>(entries[1].Event);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void Read_ByteOrderMark_IsPassedOver(int piece) =>
        Assert.Single(Pages.Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Pages.Page(0, 1))], () => piece));

    [Fact]
    public void Read_OnlyAByteOrderMark_Throws() => Assert.ThrowsAny<JsonException>(() => Pages.Read([0xEF, 0xBB, 0xBF]));

    [Fact]
    public void Read_PageThatEndsInAnEventOverTheBound_Throws() =>
        Assert.ThrowsAny<JsonException>(() => Pages.Read(Encoding.UTF8.GetBytes($$$"""{"events":[{"position":"p","event":{"t":"{{{new string('x', 5_000)}}}"""), maxEventBytes: 1_024));

    [Fact]
    public void Read_FieldOutsideTheEventsOfAnySize_NeedsNoRoom()
    {
        string page = $$"""{"_page":{"note":["{{string.Join("\",\"", Enumerable.Repeat("abcdefgh", 100_000))}}"]},"events":[{{Pages.Entry(1)}}]}""";

        Assert.Single(Pages.Read(Encoding.UTF8.GetBytes(page), () => 10_000, maxEventBytes: 128 * 1024));
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
    public void Read_BrokenPage_Throws(string page) =>
        Assert.ThrowsAny<JsonException>(() => Pages.Read(Encoding.UTF8.GetBytes(page), () => 5));

    [Theory]
    [InlineData("""{"events":[{"position":"p","event":{}}{"position":"q","event":{}}]}""", 37)]
    [InlineData("""{"events":[{"position":"p","event":{}},5{"position":"q","event":{}}]}""", 39)]
    [InlineData("""{"events":[{"position":"p","event":{]}},{"position":"q","event":{}}]}""", 37)]
    [InlineData("""{"events":[{"position":"p","event":{}},{"position":x,"event":{}}]}""", 50)]
    [InlineData("""{"events":[],"a":[}""", 18)]
    public void Read_BrokenPage_NamesThePlaceInThePage(string page, int place)
    {
        int named = int.Parse(Regex.Match(Assert.ThrowsAny<JsonException>(() => Pages.Read(Encoding.UTF8.GetBytes(page))).Message, "near byte ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);

        Assert.InRange(named, place - 2, place + 2);
    }

    [Fact]
    public void TakeEntries_AfterABreakInTheMiddle_GivesTheEntriesThatWereWhole()
    {
        byte[] page = Encoding.UTF8.GetBytes(Pages.Page(0, 10));
        using JournalPageReader reader = new(1 << 20);
        int half = Encoding.UTF8.GetByteCount("""{"events":[""" + string.Join(",", Enumerable.Range(0, 4).Select(Pages.Entry))) + 20;

        reader.Read(page, half);
        Assert.ThrowsAny<JsonException>(() => reader.Read([], 0));

        Assert.Equal(Enumerable.Range(0, 4).Select(Pages.Position), reader.TakeEntries().Select(entry => entry.Position.Value));
    }
}
