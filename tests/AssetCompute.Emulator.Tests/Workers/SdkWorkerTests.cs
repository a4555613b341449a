using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.StorageTests;

namespace AssetCompute.Emulator.Tests;

/// <summary>A custom worker on Adobe's SDK, unmodified from npm, with https and signed events.</summary>
public sealed class SdkWorkerTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "NodeWorker");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Node")]
    public async Task Worker_of_ten_lines_on_Adobes_SDK_renders_and_reports()
    {
        await NodePackages.InstallAsync(Folder, Cancellation);
        using var temp = new TempFolder();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.HttpsPort = 0, Cancellation);
        await File.WriteAllTextAsync(temp["certificate.pem"], emulator.CertificatePem, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var photo = TestFiles.Photo("sunset.jpg");
        await emulator.Storage.PutAsync("photo.jpg", photo, "image/jpeg", Cancellation);
        using var worker = StartWorker(temp);
        try
        {
            var url = await UrlOfAsync(worker);
            var rendition = new JsonObject { ["worker"] = url, ["fmt"] = "jpg", ["target"] = emulator.Storage.CreateWriteUrl("copy.jpg").AbsoluteUri, ["userData"] = new JsonObject { ["n"] = 1 } };
            var source = emulator.Storage.CreateReadUrl("photo.jpg").AbsoluteUri;

            var created = await client.EventOfAsync(source, rendition);
            var jobs = await client.Http.GetStringAsync("/emulator/jobs", Cancellation);

            Assert.True(created["type"]!.GetValue<string>() == "rendition_created", created.ToJsonString());
            Assert.Equal(source, created["source"]!.GetValue<string>());
            Assert.Equal(photo.Length, created["metadata"]!["repo:size"]!.GetValue<int>());
            Assert.Equal(1, created["rendition"]!["userData"]!["n"]!.GetValue<int>());
            Assert.True(emulator.Storage.Exists("copy.jpg"));
            Assert.Contains("\"state\":\"created\"", jobs, StringComparison.Ordinal);
        }
        finally
        {
            worker.Kill(entireProcessTree: true);
            await worker.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Worker_gets_https_urls_of_the_storage_a_service_account_and_a_key()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.HttpsPort = 0, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var called = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await CustomWorkerTests.StartWorkerAsync(async context =>
            called.TrySetResult((await JsonNode.ParseAsync(context.Request.Body, cancellationToken: Cancellation))!.AsObject()));
        var own = emulator.Storage.CreateWriteUrl("a");
        var read = emulator.Storage.CreateReadUrl("b");

        await client.ProcessAsync(
            new JsonObject { ["url"] = read.AbsoluteUri, ["name"] = "b" },
            new JsonObject
            {
                ["worker"] = worker.Urls.First(),
                ["target"] = new JsonObject { ["urls"] = new JsonArray(own.AbsoluteUri, "https://example.com/x?sig=1"), ["maxPartSize"] = 1000 },
                ["watermark"] = new JsonObject { ["image"] = read.AbsoluteUri },
                ["userData"] = new JsonObject { ["link"] = read.AbsoluteUri },
            });
        var body = await called.Task.WaitAsync(ServiceClient.Patience, Cancellation);

        var https = emulator.HttpsEndpoint!;
        Assert.Equal("https", https.Scheme);
        Assert.Equal(new Uri(https, read.PathAndQuery).AbsoluteUri, body["source"]!["url"]!.GetValue<string>());
        var rendition = body["renditions"]![0]!;
        Assert.Equal([new Uri(https, own.PathAndQuery).AbsoluteUri, "https://example.com/x?sig=1"], rendition["target"]!["urls"]!.AsArray().Select(url => url!.GetValue<string>()));
        Assert.Equal(new Uri(https, read.PathAndQuery).AbsoluteUri, rendition["watermark"]!["image"]!.GetValue<string>());
        Assert.Equal(read.AbsoluteUri, rendition["userData"]!["link"]!.GetValue<string>());
        Assert.True(body["auth"]!["isServiceAccount"]!.GetValue<bool>());
        Assert.Equal(new Uri(https, "/api/events/signed").AbsoluteUri, body["auth"]!["webhookUrl"]!.GetValue<string>());
        Assert.NotNull(body["requestId"]);
    }

    [Fact]
    public async Task Signed_event_reaches_the_journal_and_a_forged_one_does_not()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var called = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await CustomWorkerTests.StartWorkerAsync(async context =>
            called.TrySetResult((await JsonNode.ParseAsync(context.Request.Body, cancellationToken: Cancellation))!.AsObject()));
        var requestId = await client.ProcessAsync("data:,x", new JsonObject { ["worker"] = worker.Urls.First(), ["target"] = "http://127.0.0.1/x" });
        var call = await called.Task.WaitAsync(ServiceClient.Patience, Cancellation);
        using var key = RSA.Create();
        key.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(call["hmacPrivateKey"]!.GetValue<string>())));
        using var foreign = RSA.Create(2048);
        var body = $$$"""{"user_guid":"emulator@AdobeOrg","event_code":"asset_compute","event":{"type":"rendition_created","requestId":"{{{requestId}}}","rendition":{} } }""";
        async Task<int> SendAsync(string sent, string? signature, string apiKey = "emulator-client", string organization = "emulator@AdobeOrg")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, call["auth"]!["webhookUrl"]!.GetValue<string>()) { Content = new StringContent(sent) };
            request.Headers.Add("x-api-key", apiKey);
            request.Headers.Add("x-ims-org-id", organization);
            if (signature is not null)
            {
                request.Headers.Add("x-ac-hmac-signature", signature);
            }

            using var response = await client.Http.SendAsync(request, Cancellation);
            return (int)response.StatusCode;
        }

        string Sign(RSA by, string text) => Convert.ToBase64String(by.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        Assert.Equal(401, await SendAsync(body, null));
        Assert.Equal(401, await SendAsync(body, "###"));
        Assert.Equal(401, await SendAsync(body, Sign(foreign, body)));
        Assert.Equal(401, await SendAsync(body + " ", Sign(key, body)));
        Assert.Equal(403, await SendAsync(body, Sign(key, body), apiKey: "other"));
        Assert.Equal(403, await SendAsync(body, Sign(key, body), organization: "other@AdobeOrg"));
        Assert.Equal(400, await SendAsync("[]", Sign(key, "[]")));
        Assert.Equal(400, await SendAsync("{", Sign(key, "{")));
        Assert.Equal(200, await SendAsync(body, Sign(key, body)));
        Assert.Equal(requestId, (await client.EventsAsync(1)).Single()["requestId"]!.GetValue<string>());
        using var unregistered = await client.PostAsync("/unregister");
        Assert.Equal(202, await SendAsync(body, Sign(key, body)));
    }

    [Fact]
    public async Task Https_serves_what_http_does_with_the_certificate_that_it_shows()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.HttpsPort = 0, Cancellation);
        using var own = X509Certificate2.CreateFromPem(emulator.CertificatePem);
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { own } };
        using var http = new HttpClient(handler);
        using var client = new ServiceClient(emulator.HttpsEndpoint!);
        await emulator.Storage.PutAsync("a", "hello"u8.ToArray(), cancellationToken: Cancellation);
        var path = emulator.Storage.CreateReadUrl("a").PathAndQuery;

        foreach (var host in new[] { "127.0.0.1", "localhost" })
        {
            Assert.Equal("hello", await http.GetStringAsync(new UriBuilder(new Uri(emulator.HttpsEndpoint!, path)) { Host = host }.Uri, Cancellation));
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("/", Cancellation));
        await using var without = await AssetComputeEmulator.StartAsync(Cancellation);
        Assert.Null(without.HttpsEndpoint);
        Assert.Null(without.CertificatePem);
    }

    private static Process StartWorker(TempFolder temp)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "worker.mjs")]) { WorkingDirectory = temp.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PORT"] = "0";
        start.Environment["NODE_EXTRA_CA_CERTS"] = temp["certificate.pem"];
        return Process.Start(start)!;
    }

    private static async Task<string> UrlOfAsync(Process worker)
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new StringBuilder();
        void Read(string? line)
        {
            output.AppendLine(line);
            if (line?.StartsWith("Listening on ", StringComparison.Ordinal) == true)
            {
                listening.TrySetResult($"http://127.0.0.1:{line["Listening on ".Length..]}/");
            }
        }

        // Both streams are drained, because the worker blocks when a pipe is full.
        worker.OutputDataReceived += (_, line) => Read(line.Data);
        worker.ErrorDataReceived += (_, line) => Read(line.Data);
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
        var ended = worker.WaitForExitAsync(Cancellation);
        return await Task.WhenAny(listening.Task, ended).WaitAsync(ServiceClient.Patience, Cancellation) == listening.Task
            ? await listening.Task
            : throw new InvalidOperationException($"The worker has ended: {output}");
    }
}
