using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

public class LinkHeaderTests
{
    [Theory]
    [InlineData("</events/1?since=a>; rel=\"next\"", "/events/1?since=a")]
    [InlineData("</events/1?since=a>;rel=next", "/events/1?since=a")]
    [InlineData("<https://h.example/x?a=1,2>; title=\"a, b; c\"; REL = \"next\"", "https://h.example/x?a=1,2")]
    [InlineData("</v>; rel=\"validate\", </n>; rel=\"next\"", "/n")]
    [InlineData("</n>; rel=\"prev next\"", "/n")]
    [InlineData("</n>; rel=\"NEXT\"", "/n")]
    [InlineData("</n>; foo; rel=next", "/n")]
    [InlineData("</v>; rel=\"nextish\"", null)]
    [InlineData("</v>; rel=validate", null)]
    [InlineData("</n>", null)]
    [InlineData("</n; rel=next", null)]
    [InlineData("rel=next", null)]
    [InlineData("", null)]
    [InlineData("<>; rel=next", "")]
    [InlineData("</n>; rel=\"next", "/n")]
    [InlineData("</n>; rel=\"next prev\"", "/n")]
    [InlineData("</n>; rel=next; title=\"b\"", "/n")]
    [InlineData("</n>; title=b; rel=next", "/n")]
    [InlineData("</n>; title=; rel=next", "/n")]
    [InlineData("</n>;; rel=next", "/n")]
    [InlineData("</n>; =x; rel=next", "/n")]
    [InlineData("/n>; rel=next", null)]
    public void Find_OneHeader_ReturnsTheTarget(string header, string? expected) =>
        Assert.Equal(expected, LinkHeader.Find([header], "next"));

    [Fact]
    public void Find_SeveralHeaders_ReturnsTheOneOfTheRelation() =>
        Assert.Equal("/n", LinkHeader.Find(["</v>; rel=\"validate\"", "</n>; rel=\"next\""], "next"));
}
