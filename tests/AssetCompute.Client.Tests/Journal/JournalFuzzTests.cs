using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using AssetCompute.Client.Http;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Fuzzing;
using FsCheck;
using FsCheck.Fluent;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>Any response of a journal results in events or a typed exception, in bounded time and memory.</summary>
public class JournalFuzzTests
{
    private const int MaxEventBytes = 256 * 1024;

    [Fact]
    public void Parse_MutatedPages_GivesEntriesOrAJsonException()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        byte[][] pages =
        [
            Encoding.UTF8.GetBytes(Pages.Page(0, 5)),
            Encoding.UTF8.GetBytes("""{"events":[{"position":"a\/b","event":{"@id":"82235bac-2b81-4e70-90b5-2bd1f04b5c7b","@type":"xdmCreated","activitystreams:object":{"@type":"xdmAsset"}}}],"_page":{"last":"x","count":1}}"""),
            Encoding.UTF8.GetBytes("""{"events":[{"position":"p","event":{"specversion":"1.0","type":"aem.assets.asset.published","data":{"a":[1,-2.5e3,true,null,"\ud83d\ude00"]}}},{"position":"q","event":"text"}]}"""),
            Encoding.UTF8.GetBytes("""{"events":[{"position":"p","event":{"type":"rendition_failed","date":"2026-01-01T00:00:00.000Z","requestId":"r","errorReason":"GenericError","errorMessage":{"a":1},"source":{"url":"x","headers":{"a":"b"}},"rendition":{"fmt":"png","dpi":{"xdpi":1,"ydpi":2},"target":{"urls":["a"],"maxPartSize":3},"files":["a",{"url":"b"}],"crop":{"w":1,"h":2},"watermark":{"image":"i","scale":0.5}}}}]}"""),
        ];

        for (int i = 0; i < FuzzInputs.Count; i++)
        {
            byte[] input = MutatedJson.Of(pages[random.Next(pages.Length)], random);
            try
            {
                foreach (JournalEntry found in Pages.Read(input, () => random.Next(1, 400), MaxEventBytes))
                {
                    Assert.NotNull(found.Event.Type);
                    Assert.NotEqual("", found.Position.Value);
                    Assert.InRange(found.Id.Length, 1, 512);
                    if (found.Event is RenditionEvent rendition)
                    {
                        Assert.NotNull(rendition.Rendition);
                        Assert.NotNull(rendition.ToString());
                    }
                }
            }
            catch (JsonException)
            {
                // The only permitted failure of a page.
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}, input {i} ({Convert.ToBase64String(input)}): {exception}");
            }
        }
    }

    [Fact]
    public void Find_AnyLinkHeader_GivesATargetOfTheHeaderOrNothing() => Prop.ForAll(Texts("<>;,=\" relnxtREL/?:a").ToArbitrary(), header =>
    {
        string? target = LinkHeader.Find([header], "next");
        return target is null || header.Contains(target, StringComparison.Ordinal);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(FuzzInputs.Count));

    [Fact]
    public void Follow_AnyLink_StaysAtTheJournal() => Prop.ForAll(Texts("htps:/@.?#[]\\ jae%0since=&").ToArbitrary(), link =>
    {
        Uri journal = new("https://journal.example/events/1");
        JournalCursor cursor = new(journal, JournalPosition.Oldest, null);
        try
        {
            cursor.Follow(link);
        }
        catch (InvalidOperationException)
        {
            return true;
        }

        return cursor.Url.GetLeftPart(UriPartial.Path) == journal.AbsoluteUri;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(FuzzInputs.Count));

    [Fact]
    public void Of_AnyRetryAfter_GivesAWaitOrNothing() => Prop.ForAll(Texts("0123456789 -+.:,GMTSunNov").ToArbitrary(), text =>
    {
        using HttpResponseMessage response = new(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        response.Headers.TryAddWithoutValidation("Date", text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        return RetryAfter.Of(response, TimeProvider.System) is null or { Ticks: >= 0 };
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(FuzzInputs.Count));

    [Fact]
    public void Parse_AnyText_GivesAPositionOrAFormatException() => Prop.ForAll(Prefixed("", "after:", "ago:-P", "ago:-PT").ToArbitrary(), text =>
    {
        try
        {
            return JournalPosition.Parse(text) == JournalPosition.Parse(JournalPosition.Parse(text).ToString());
        }
        catch (FormatException)
        {
            return true;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(FuzzInputs.Count));

    /// <summary>Generates text that consists mostly of the given characters.</summary>
    private static Gen<string> Texts(string characters) =>
        from length in Gen.Choose(0, 40)
        from text in Gen.ArrayOf(Gen.Frequency((9, Gen.Elements(characters.ToCharArray())), (1, ArbMap.Default.GeneratorFor<char>())), length)
        select new string(text);

    private static Gen<string> Prefixed(params string[] prefixes) =>
        from prefix in Gen.Elements(prefixes)
        from rest in Texts("afterlsdgo:-PTHMSDYW.0192")
        select prefix + rest;
}
