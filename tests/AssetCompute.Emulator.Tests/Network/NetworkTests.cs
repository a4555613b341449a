using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AssetCompute.Emulator.Tests;

/// <summary>An emulator that is reachable from a network, and its host names there.</summary>
public sealed class NetworkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ü")]
    [InlineData("a b")]
    [InlineData("😀")]
    [InlineData("a|b")]
    [InlineData("%zz")]
    [InlineData("%4")]
    public async Task Url_with_what_RFC_3986_does_not_allow_is_refused_as_Adobes_worker_does(string name)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var good = emulator.Storage.CreateReadUrl("a.txt").AbsoluteUri;
        await emulator.Storage.PutAsync("a.txt", "x"u8.ToArray(), "text/plain", Cancellation);

        var source = await client.EventOfAsync($"{good}&x={name}", RenditionTests.Rendition(emulator, "1.txt", "text"));
        var target = RenditionTests.Rendition(emulator, "2.txt", "text");
        target["target"] = $"{target["target"]!.GetValue<string>()}&x={name}";
        var uploaded = await client.EventOfAsync(good, target);
        var archive = RenditionTests.Rendition(emulator, "3.zip", "zip");
        archive["files"] = new System.Text.Json.Nodes.JsonArray($"{good}&x={name}");
        var zipped = await client.EventOfAsync(null, archive);

        Assert.Equal("SourceUnsupported", source["errorReason"]!.GetValue<string>());
        Assert.StartsWith("Invalid or missing https url", source["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("rendition[0].target is not a valid https url", uploaded["errorMessage"]!.GetValue<string>());
        Assert.StartsWith("Invalid or missing https url", zipped["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(emulator.Storage.Exists("2.txt"));
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8", false)]
    [InlineData("bogus", false)]
    [InlineData("text/plain;charset=utf-8", true)]
    [InlineData("", true)]
    public async Task Data_uri_whose_media_type_is_none_is_refused_as_Adobes_worker_does(string mediaType, bool isTaken)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var seen = await client.EventOfAsync($"data:{mediaType};base64,eA==", RenditionTests.Rendition(emulator, "1.txt", "text"));

        Assert.Equal(isTaken ? null : "SourceCorrupt", seen["errorReason"]?.GetValue<string>());
    }

    [Fact]
    public async Task Emulator_on_an_address_of_the_network_reads_and_writes_its_own_storage()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Address = MachineAddress.Get(), Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("photo", TestFiles.Photo("sunset.jpg"), "image/jpeg", Cancellation);

        var created = await client.EventOfAsync(emulator.Storage.CreateReadUrl("photo").AbsoluteUri, RenditionTests.Rendition(emulator, "small", "png", width: 10));

        Assert.False(IPAddress.IsLoopback(IPAddress.Parse(emulator.Endpoint.Host)));
        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
        Assert.True(emulator.Storage.Exists("small"));
    }

    [Fact]
    public async Task Url_that_the_emulator_signed_is_its_own_storage_whatever_the_host_is_called()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Address = IPAddress.Any;
                options.AllowedHosts.Add("emulator.internal");
            },
            Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("a photo", TestFiles.Photo("sunset.jpg"), "image/jpeg", Cancellation);
        var source = await SignAsync(client, "a photo", "read");
        var target = await SignAsync(client, "small", "write");

        var created = await client.EventOfAsync(source, new JsonObject { ["fmt"] = "png", ["width"] = 10, ["target"] = target });
        var changed = await client.EventOfAsync(source.Replace("photo", "picture", StringComparison.Ordinal), RenditionTests.Rendition(emulator, "x", "png"));

        Assert.StartsWith("http://emulator.internal:8080/blobs/a%20photo?", source, StringComparison.Ordinal);
        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
        Assert.Equal(source, created["source"]!.GetValue<string>());
        Assert.True(emulator.Storage.Exists("small"));
        Assert.Contains("http URLs are refused", changed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_on_an_allowed_origin_may_be_plain_http_and_others_not()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(MachineAddress.Get(), 0));
        await using var worker = builder.Build();
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Run(_ =>
        {
            called.TrySetResult();
            return Task.CompletedTask;
        });
        await worker.StartAsync(Cancellation);
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.AllowedHosts.Add(worker.Urls.First()), Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        await client.ProcessAsync("data:,x", new JsonObject { ["worker"] = $"{worker.Urls.First()}/worker", ["target"] = "http://127.0.0.1/x" });
        using var elsewhere = await client.PostAsync("/process", new JsonObject
        {
            ["source"] = "data:,x",
            ["renditions"] = new JsonArray(new JsonObject { ["worker"] = "http://worker.example/", ["target"] = "http://127.0.0.1/x" }),
        });

        await called.Task.WaitAsync(ServiceClient.Patience, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example:80", HttpStatusCode.Forbidden)]
    [InlineData("mine.example", HttpStatusCode.OK)]
    [InlineData("OTHER.example:8080", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LocalHost:1234", HttpStatusCode.OK)]
    [InlineData("asset-compute.localhost", HttpStatusCode.OK)]
    [InlineData("[::1]:80", HttpStatusCode.OK)]
    [InlineData("192.0.2.1", HttpStatusCode.OK)]
    public async Task Name_that_may_be_anybodys_gets_no_answer_on_the_loopback_interface(string host, HttpStatusCode status)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.AllowedHosts.Add("mine.example");
                options.AllowedHosts.Add("http://other.example:9000");

                // Allows any host as a target, but not as a host name of the emulator.
                options.AllowedHosts.Add("*");
            },
            Cancellation);
        using var client = new ServiceClient(emulator);
        foreach (var path in new[] { "/ims/token/v3", "/", "/emulator/calls" })
        {
            using var request = new HttpRequestMessage(path == "/ims/token/v3" ? HttpMethod.Post : HttpMethod.Get, path);
            request.Content = request.Method == HttpMethod.Post ? client.TokenForm() : null;
            request.Headers.Host = host;

            using var response = await client.Http.SendAsync(request, Cancellation);

            Assert.Equal(status, response.StatusCode);
        }
    }

    private static async Task<string> SignAsync(ServiceClient client, string name, string permission)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/emulator/urls");
        request.Headers.Host = "emulator.internal:8080";
        request.Content = new StringContent(new JsonObject { ["name"] = name, ["permission"] = permission }.ToJsonString());
        using var response = await client.Http.SendAsync(request, Cancellation);
        return (await ServiceClient.JsonAsync(response))["url"]!.GetValue<string>();
    }
}
