using System.Text.Json.Nodes;
using AssetCompute.Client.StorageTests;

namespace AssetCompute.Client.AzureBlobs.Tests;

public class LargeRenditionTests(AzuriteFixture fixture)
{
    [Fact]
    public async Task Render_LargeRendition_GoesPartByPartInLittleMemory()
    {
        JsonNode report = await LargeRendition.RunAsync("azure", fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1)));

        JsonNode[] puts =
        [
            .. (await fixture.Server.RequestsAsync()).Where(request =>
                (string?)request["method"] == "PUT" && ((string)request["path"]!).Contains("/assets/asset-compute/", StringComparison.Ordinal) && ((string)request["path"]!).EndsWith(".zip", StringComparison.Ordinal)
                && (string?)request["query"]!["comp"] == "block"),
        ];
        Assert.Equal(LargeRendition.Parts, puts.Select(put => (string?)put["query"]!["blockid"]).Distinct().Count());
        Assert.Equal(LargeRendition.Parts, puts.Length);
        Assert.All(puts, put => Assert.Null(put["headers"]!["x-ms-version"]));
        Assert.True((long)report["peakBytes"]! < LargeRendition.MaxProcessBytes, report.ToJsonString());
    }
}
