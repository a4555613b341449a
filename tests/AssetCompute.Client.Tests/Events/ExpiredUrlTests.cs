using System.Globalization;

namespace AssetCompute.Client.Tests.Events;

public class ExpiredUrlTests
{
    private const string Signed = "https://a.example/1.jpg?";

    private static readonly DateTimeOffset s_now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Query strings of URLs that expire at 11:00.</summary>
    public static TheoryData<string> Expired { get; } =
    [
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261130T100000Z&X-Amz-Expires=3600&X-Amz-Signature=SECRET",
        "x-amz-date=20261130T100000Z&x-amz-expires=3600&X-Amz-Signature=SECRET",
        "X-Goog-Date=20261130T100000Z&X-Goog-Expires=3600&X-Goog-Signature=SECRET",
        "sv=2024-11-04&se=2026-11-30T11%3A00%3A00Z&sp=r&sig=SECRET",
        "se=2026-11-30T11:00Z&sig=SECRET",
        "sig=SECRET&se=2026-11-30T13%3A00%3A00%2B02%3A00",
        "AWSAccessKeyId=a&Expires=1796036400&Signature=SECRET",
        "sp=r&se=1796036400000&sig=SECRET",
        "se=2026-11-30T11:00:00Z&sig=SECRET#fragment",
    ];

    [Theory]
    [MemberData(nameof(Expired))]
    public void ToString_SourceThatHadExpired_SaysSoAndWhen(string query)
    {
        string text = new RenditionFailed { Date = s_now, Source = new AssetSource { Url = Signed + query }, Reason = RenditionFailureReason.GenericError, Message = "Unknown error" }.ToString();

        Assert.Contains("Hint = the URL of the source had expired at 2026-11-30T11:00:00Z", text, StringComparison.Ordinal);
        Assert.Contains("Unknown error", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Expired))]
    public void ToString_TargetThatHadExpired_IsSaidByTheJob(string query)
    {
        RenditionTarget one = new(Signed + query);
        RenditionTarget parts = new(["https://a.example/part", Signed + query], maxPartSize: 1);
        RenditionFailed failed = new() { Date = s_now, Source = new AssetSource { Url = "https://a.example/2.jpg" }, Reason = RenditionFailureReason.GenericError, Message = "403" };

        foreach (RenditionTarget target in new[] { one, parts })
        {
            string text = Result([new RenditionCreated(), failed], new Rendition { Target = new Uri("https://a.example/t") }, new Rendition { Target = target }).ToString();

            Assert.Contains("Created = 1 of 2", text, StringComparison.Ordinal);
            Assert.Contains("Hint = the URL of the target had expired at 2026-11-30T11:00:00Z", text, StringComparison.Ordinal);
            Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ToString_WatermarkOrFileThatHadExpired_SaysSo()
    {
        const string expired = Signed + "se=2026-11-30T11:00:00Z";

        Assert.Contains(
            "the URL of the watermark had expired",
            new RenditionFailed { Date = s_now, Reason = RenditionFailureReason.GenericError, Rendition = new Rendition { Watermark = new Watermark { Image = expired } } }.ToString(),
            StringComparison.Ordinal);
        Assert.Contains(
            "the URL of the file had expired",
            new RenditionFailed { Date = s_now, Reason = RenditionFailureReason.GenericError, Rendition = new Rendition { Files = [new ArchiveFile { Url = "https://a.example/b" }, new ArchiveFile { Url = expired }] } }.ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("se=2026-11-30T12:00:01Z")]
    [InlineData("X-Amz-Date=20261130T115959Z&X-Amz-Expires=3600")]
    [InlineData("X-Amz-Date=yesterday&X-Amz-Expires=1")]
    [InlineData("X-Amz-Date=20261130T100000Z&X-Amz-Expires=soon")]
    [InlineData("X-Amz-Expires=1")]
    [InlineData("Expires=never")]
    [InlineData("Expires=99999999999999999999")]
    [InlineData("se=")]
    [InlineData("base=2026-11-30T11:00:00Z")]
    [InlineData("")]
    public void ToString_UrlThatDoesNotSayThatItHadExpired_GivesNoHint(string query) =>
        Assert.DoesNotContain("Hint", Failed(Signed + query, RenditionFailureReason.GenericError, s_now).ToString(), StringComparison.Ordinal);

    [Fact]
    public void ToString_FailureThatHasNothingToDoWithUrlsOrNoDate_GivesNoHint()
    {
        const string expired = Signed + "se=2026-11-30T11:00:00Z";

        Assert.DoesNotContain("Hint", Failed(expired, RenditionFailureReason.RenditionFormatUnsupported, s_now).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Hint", Failed(expired, RenditionFailureReason.RenditionTooLarge, s_now).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Hint", Failed(expired, RenditionFailureReason.GenericError, date: null).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Hint", Failed("data:image/png;base64,AAAA", RenditionFailureReason.GenericError, s_now).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_JobWhoseEventsAreNotAllThere_SaysWhatItsEventsTell()
    {
        RenditionFailed failed = Failed(Signed + "se=2026-11-30T11:00:00Z", RenditionFailureReason.GenericError, s_now);

        string text = Result([failed], new Rendition { Target = new Uri("https://a.example/t?se=2026-11-30T10:00:00Z") }, new Rendition()).ToString();

        Assert.Contains("the URL of the source had expired", text, StringComparison.Ordinal);
        Assert.DoesNotContain("target", text, StringComparison.Ordinal);
    }

    private static RenditionFailed Failed(string source, RenditionFailureReason reason, DateTimeOffset? date) =>
        new() { Date = date, Source = new AssetSource { Url = source }, Reason = reason };

    private static RenditionJobResult Result(IReadOnlyList<RenditionEvent> events, params Rendition[] renditions) => new()
    {
        RequestId = "r",
        Request = new ProcessRequest { Source = new Uri("https://a.example/1.jpg"), Renditions = renditions },
        Renditions = events,
    };
}
