using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Tests.Events;

/// <summary>User data that is built when it is read must not be told from user data that was always there.</summary>
public class DeferredUserDataTests
{
    private const string Json = """
        {"type":"rendition_created","requestId":"r","userData":{"a":{"b":[1,2,"x\u0041"]},"c":null},"rendition":{"name":"n","userData":{"mine":true},"zoom":2},"metadata":{}}
        """;

    [Fact]
    public void Parse_OwnBytes_ReadsTheSameAsFromOthers()
    {
        RenditionCreated deferred = Deferred(Json);
        RenditionCreated built = (RenditionCreated)EventParser.Parse(Encoding.UTF8.GetBytes(Json));

        Assert.Equal(built.UserData!.ToJsonString(), deferred.UserData!.ToJsonString());
        Assert.Equal(built.Rendition.UserData!.ToJsonString(), deferred.Rendition.UserData!.ToJsonString());
        Assert.Equal(built.Rendition.CustomFields!.ToJsonString(), deferred.Rendition.CustomFields!.ToJsonString());
        Assert.Equal(built.ToString(), deferred.ToString());
    }

    [Fact]
    public void Parse_BytesInTheMiddleOfAnArray_FindsTheUserData()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("[1, " + Json + "]");

        RenditionCreated created = (RenditionCreated)EventParser.Parse(new ArraySegment<byte>(bytes, 4, bytes.Length - 5), created: true);

        Assert.True((bool)created.Rendition.UserData!["mine"]!);
        Assert.Equal(2, (int)created.UserData!["a"]!["b"]![1]!);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    public void Parse_UserDataThatIsNoObject_IsKeptAsItIs(string value)
    {
        RenditionCreated created = Deferred($$$"""{"type":"rendition_created","userData":{{{value}}},"rendition":{"userData":{{{value}}}}}""");

        Assert.Null(created.UserData);
        Assert.Equal(value, created.CustomFields!["userData"]?.ToJsonString() ?? "null");
        Assert.Null(created.Rendition.UserData);
        Assert.Equal(value == "null" ? null : value, created.Rendition.CustomFields?["userData"]?.ToJsonString());
    }

    [Fact]
    public void UserData_ReadAgain_IsTheSameObjectAlsoInCopies()
    {
        RenditionCreated created = Deferred(Json);
        RenditionCreated copy = created with { RequestId = "other" };

        JsonObject read = copy.UserData!;
        read["a"] = "changed";

        Assert.Same(read, created.UserData);
        Assert.Equal("changed", (string?)created.UserData!["a"]);
        Assert.Same(created.Rendition.UserData, (created.Rendition with { Name = "other" }).UserData);
    }

    [Fact]
    public void UserData_ReadByManyAtOnce_IsOneObject()
    {
        for (int round = 0; round < 50; round++)
        {
            RenditionCreated created = Deferred(Json);
            JsonObject?[] read = new JsonObject?[8];
            Parallel.For(0, read.Length, i => read[i] = created.UserData);

            Assert.All(read, value => Assert.Same(read[0], value));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Equals_WhetherReadOrNot_GoesByTheObject(bool wasRead)
    {
        RenditionCreated created = Deferred(Json);
        RenditionCreated twin = Deferred(Json);
        if (wasRead)
        {
            _ = created.UserData!.Count + twin.UserData!.Count;
        }

        RenditionCreated copy = created with { };
        RenditionCreated set = created with { UserData = created.UserData, Rendition = created.Rendition with { UserData = created.Rendition.UserData } };

        Assert.Equal(created, copy);
        Assert.Equal(created, set);
        Assert.Equal(created.GetHashCode(), set.GetHashCode());
        // As with any JsonObject: what was read twice is two objects.
        Assert.NotEqual(created, twin with { Rendition = created.Rendition, Metadata = created.Metadata });
        Assert.NotEqual(created, created with { UserData = null });
        Assert.Null((created with { UserData = null }).UserData);
        Assert.NotEqual(created, created with { UserData = new JsonObject() });
    }

    [Fact]
    public void Equals_OfRenditionsOfRequests_GoesByTheObject()
    {
        JsonObject data = new() { ["a"] = 1 };

        Assert.Equal(new Rendition { UserData = data }, new Rendition { UserData = data });
        Assert.Equal(new Rendition { UserData = data }.GetHashCode(), new Rendition { UserData = data }.GetHashCode());
        Assert.NotEqual(new Rendition { UserData = data }, new Rendition { UserData = new JsonObject { ["a"] = 1 } });
        Assert.Same(data, new Rendition { UserData = data }.UserData);
    }

    private static RenditionCreated Deferred(string json) =>
        (RenditionCreated)EventParser.Parse(new ArraySegment<byte>(Encoding.UTF8.GetBytes(json)), created: true);
}
