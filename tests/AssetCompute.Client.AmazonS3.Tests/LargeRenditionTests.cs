using System.Text.Json.Nodes;
using AssetCompute.Client.StorageTests;

namespace AssetCompute.Client.AmazonS3.Tests;

public class LargeRenditionTests(S3ServerFixture fixture)
{
    [Fact]
    public async Task Render_LargeRendition_GoesPartByPartInLittleMemory()
    {
        JsonNode report = await LargeRendition.RunAsync("s3", fixture.Server.Endpoint);

        // Only the parts that the service uploads. Their URLs are signed; the probe signs its parts in a header.
        JsonNode[] puts =
        [
            .. (await fixture.Server.RequestsAsync()).Where(request =>
                (string?)request["method"] == "PUT" && ((string)request["path"]!).StartsWith("/assets/asset-compute/", StringComparison.Ordinal) && request["query"]!["X-Amz-Algorithm"] is not null),
        ];
        Assert.Equal(LargeRendition.Parts, puts.Length);
        Assert.Equal(Enumerable.Range(1, puts.Length), puts.Select(put => int.Parse((string)put["query"]!["partNumber"]!, System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.True((long)report["peakBytes"]! < LargeRendition.MaxProcessBytes, report.ToJsonString());
    }
}
