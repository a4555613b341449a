using System.Text;
using AssetCompute.Client.Jobs;
using AssetCompute.Client.Serialization;
using AssetCompute.Client.Tests.Fuzzing;
using AssetCompute.Client.Tests.Journal;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>What a job receives for an event: the values of the event, with the caller's own objects in place of the echoed ones.</summary>
public sealed class JobAnswersTests
{
    private const string SecondRendition = """
        "rendition":{"name":"r","userData":{"assetComputeClient":{"index":1,"length":2,"request":"own"}}}
        """;

    private const string Metadata = """
        "metadata":{"repo:size":17,"repo:sha1":"abc","dc:format":"image/png","tiff:imageWidth":3,"tiff:imageLength":4}
        """;

    private static readonly ProcessRequest s_request = new()
    {
        RequestId = "own",
        Source = new AssetSource { Url = "https://a.example/1.jpg" },
        UserData = new() { ["mine"] = 1 },
        Renditions = [new Rendition { Name = "first" }, new Rendition { Name = "second" }],
    };

    /// <summary>Events of the second rendition.</summary>
    public static TheoryData<string> Events =>
    [
        """{"type":"rendition_created","date":"2026-01-01T00:00:00Z","requestId":"given","source":"x","userData":{"a":1},@rendition,@metadata}""",
        """{@metadata,@rendition,"userData":null,"source":{"url":"x"},"requestId":"given","date":"2026-01-01T00:00:00Z","type":"rendition_created"}""",
        """{"type":"rendition_failed","date":"2026-01-01T00:00:00Z","requestId":"given",@rendition,"errorReason":"SourceCorrupt","errorMessage":"no"}""",

        // Additional fields, repeated fields and values of other types.
        """{"type":"rendition_created","requestId":"given",@rendition,@metadata,"data":"data:image/png;base64,AAAA"}""",
        """{"data":"data:image/png;base64,AAAA","type":"rendition_created","requestId":"given",@rendition,@metadata}""",
        """{"type":"rendition_created","requestId":"given",@metadata,@rendition,"metadata":{"repo:size":18}}""",
        """{"type":"rendition_created","requestId":"given",@metadata,@rendition,"metadata":null}""",
        """{"type":"rendition_created","requestId":"given",@metadata,@rendition,"metadata":[{"repo:size":18}]}""",
        """{"type":"rendition_created","requestId":"given",@rendition,"metadata":"text"}""",
        """{"type":"rendition_created","requestId":"given",@rendition,"metadata":[{"repo:size":18}]}""",
        """{"type":"rendition_created","requestId":"given",@rendition,"metadata":{"metadata":{"repo:size":18},"repo:size":19}}""",
        """{"type":"rendition_created","requestId":"given",@rendition,"metadata":{}}""",
        """{"type":"rendition_created","requestId":"given",@rendition}""",
        """{"type":"rendition_created","date":"2026-01-01T00:00:00Z","requestId":"given",@rendition,@metadata,"date":"2027-01-01T00:00:00Z"}""",
        """{"type":"rendition_created","date":null,"requestId":"given",@rendition,@metadata}""",
        """{"type":"rendition_created","date":17,"requestId":"given",@rendition,@metadata}""",
        """{"type":"rendition_created","date":"yesterday","requestId":"given",@rendition,@metadata}""",
        """{"type":"rendition_created","date":{"date":"2026-01-01T00:00:00Z"},"requestId":"given",@rendition,@metadata}""",
        """{"type":"rendition_created","date":["2026-01-01T00:00:00Z"],"requestId":"given",@rendition,@metadata}""",
        """{"type":"rendition_created","date":"2026-01-01T00:00:00Z","date":["2027-01-01T00:00:00Z"],"requestId":"given",@rendition,@metadata}""",
        """{"type":"rendition_created","requestId":"first","requestId":"given",@rendition,@metadata}""",
        """{"type":"rendition_created","requestId":"given","requestId":17,@rendition,@metadata}""",
        """{"type":"rendition_created","requestId":"given","requestId":["x"],@rendition,@metadata}""",
        """{"type":"rendition_created","requestId":"given","requestId":{"a":"x"},@rendition,@metadata}""",
        """{"type":"rendition_created",@rendition,@metadata}""",
        """{"type":"rendition_created","requestId":"g\u0069ven",@rendition,@metadata}""",
        """{"type":"rendition_created","requ\u0065stId":"given","d\u0061te":"2026-01-01T00:00:00Z",@rendition,"m\u0065tadata":{"repo:size":17}}""",

        // The CloudEvents envelope.
        """{"specversion":"1.0","id":"1","source":"urn:uuid:p","type":"asset_compute","time":"2026-01-01T00:00:00Z","data":{"type":"rendition_created","requestId":"given",@rendition,@metadata}}""",
        """{"data":{"requestId":"given",@rendition,"errorReason":"SourceCorrupt"},"type":"rendition_failed","specversion":"1.0"}""",

        // Fields that cannot be read.
        """{"type":"rendition_created","requestId":"given","source":5,"rendition":{"name":"\ud83d","fmt":5,"target":5,"files":[5],"dpi":{"xdpi":"72"},"userData":{"assetComputeClient":{"index":1,"length":2,"request":"own"}}},@metadata}""",
        """{"type":"rendition_created","requestId":"given","source":"J\ud83d","userData":[5],@rendition,"metadata":{"repo:size":"17","dc:format":"J\ud83d"}}""",
        """{"type":"rendition_failed","requestId":"J\ud83d",@rendition,"errorReason":"J\ud83d","errorMessage":"J\ud83d"}""",
        """{"type":"rendition_failed","requestId":"given","\ud83d":1,@rendition,"errorReason":{},"errorMessage":{}}""",

        // The same field names in other places.
        """{"type":"rendition_created","source":{"metadata":{"repo:size":1},"date":"2020-01-01T00:00:00Z","requestId":"x"},"userData":{"metadata":{"repo:size":1},"requestId":"x"},@rendition}""",
        """{"type":"rendition_created","source":[{"metadata":{"repo:size":1}}],"userData":["requestId","x"],@rendition,@metadata}""",
        """{"type":"rendition_created","requestId":"given","other":{"userData":{"assetComputeClient":{"index":0,"request":"x"}}},@rendition,@metadata}""",
        """{"type":"rendition_created","requestId":"given","rendition":{"other":{"assetComputeClient":{"index":0,"request":"x"}},"userData":{"other":{"index":0,"request":"x"},"assetComputeClient":{"other":"x","index":1,"request":"own","another":"x"},"last":{"index":0,"request":"x"}},"after":{"assetComputeClient":{"index":0,"request":"x"}}},@metadata}""",
        """{"type":"rendition_created","requestId":"given","assetComputeClient":{"index":0,"request":"x"},"userData":{"assetComputeClient":{"index":0,"request":"x"}},@rendition,@metadata}""",
        """{"type":"rendition_created","requestId":"given","rendition":{"userData":{"assetComputeClient":{"index":1,"request":"own","metadata":{"repo:size":1},"rendition":{"userData":{"assetComputeClient":{"index":0}}}}},"metadata":{"repo:size":1}},@metadata}""",
    ];

    [Theory]
    [MemberData(nameof(Events))]
    public void Dispatch_EventHoweverItIsWritten_IsTheAnswerOfItsRendition(string json)
    {
        RenditionEvent? answer = AnswerTo(Event(json));

        Assert.NotNull(answer);
        Assert.Same(s_request.Renditions[1], answer.Rendition);
        Assert.Same(s_request.Source, answer.Source);
        Assert.Same(s_request.UserData, answer.UserData);
        AssertEqual(Assert.IsType<RenditionEvent>(EventReader.Read(Event(json)), exactMatch: false), answer);
    }

    [Fact]
    public void Dispatch_MutatedEvents_AreAnswersOrIgnored()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        byte[][] events = [.. Events.Select(static row => Event(row.Data))];
        int answers = 0;
        for (int i = 0; i < FuzzInputs.Count; i++)
        {
            byte[] json = MutatedJson.Of(events[random.Next(events.Length)], random);
            try
            {
                if (AnswerTo(json) is { } answer)
                {
                    answers++;
                    AssertEqual((RenditionEvent)EventReader.Read(json), answer);
                }
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}, input {i} ({Convert.ToBase64String(json)}): {exception}");
            }
        }

        Assert.True(answers > FuzzInputs.Count / 20, $"{answers} of {FuzzInputs.Count} inputs had an answer.");
    }

    [Theory]
    [InlineData("""{"type":"rendition_created","requestId":"own","rendition":{"name":"second"}}""", "second")]
    [InlineData("""{"type":"rendition_created","requestId":"own","rendition":{"name":"second","userData":{"assetComputeClient":{"index":-1}}}}""", "second")]
    [InlineData("""{"type":"rendition_created","requestId":"own","rendition":{"name":"second","userData":{"assetComputeClient":5}}}""", "second")]
    [InlineData("""{"type":"rendition_created","requestId":"own","rendition":{"name":"second","userData":{"assetComputeClient":{"index":7}}}}""", null)]
    [InlineData("""{"type":"rendition_created","requestId":"own","rendition":{"name":"third"}}""", null)]
    [InlineData("""{"type":"rendition_created","requestId":"other","rendition":{"name":"second"}}""", null)]
    [InlineData("""{"type":"other","requestId":"own","rendition":{"name":"second"}}""", null)]
    [InlineData("""{"specversion":"1.0","type":"asset_compute","data":{"type":"rendition_created","requestId":"own","rendition":{"name":"second"}}}""", "second")]
    public void Dispatch_EventWithoutAnIndexOfTheRequest_IsFoundByNameAndFormat(string json, string? name) =>
        Assert.Equal(name, AnswerTo(Encoding.UTF8.GetBytes(json))?.Rendition.Name);

    private static byte[] Event(string json) =>
        Encoding.UTF8.GetBytes(json.Replace("@rendition", SecondRendition, StringComparison.Ordinal).Replace("@metadata", Metadata, StringComparison.Ordinal));

    private static void AssertEqual(RenditionEvent expected, RenditionEvent actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equal((expected.Date, expected.RequestId), (actual.Date, actual.RequestId));
        Assert.Equal(expected.CustomFields?.Count, actual.CustomFields?.Count);
        if (expected is RenditionCreated created)
        {
            RenditionCreated other = Assert.IsType<RenditionCreated>(actual);
            Assert.Equal(created.Metadata.ToString(), other.Metadata.ToString());
            Assert.Equal(created.Metadata.CustomFields?.Count, other.Metadata.CustomFields?.Count);
            Assert.Equal(created.Data?.DataUri, other.Data?.DataUri);
        }
        else
        {
            Assert.Equal((((RenditionFailed)expected).Reason, ((RenditionFailed)expected).Message), (((RenditionFailed)actual).Reason, ((RenditionFailed)actual).Message));
        }
    }

    /// <summary>Returns what a job receives for an event.</summary>
    private static RenditionEvent? AnswerTo(byte[] json)
    {
        FakeTimeProvider time = new();
        JournalSubscription subscription = new(new ScriptedJournal().Feed(time, JournalPosition.Oldest, stopWhenCaughtUp: true), JournalPosition.Oldest, [], time);
        RenditionJob job = new("own", s_request, new RenditionJobOptions(), new JobTelemetry("", time));
        Assert.True(subscription.TryEnter(job));
        subscription.Dispatch([new JournalEntry(JournalPosition.After("p"), json)]);
        return job.Received.SingleOrDefault();
    }
}
