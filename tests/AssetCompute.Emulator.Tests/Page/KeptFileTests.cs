using System.Net;
using System.Text.Json.Nodes;
using ImageMagick;

namespace AssetCompute.Emulator.Tests;

/// <summary>Files that the page keeps after the client deletes them, and jobs that use them.</summary>
public sealed class KeptFileTests
{
    private const int MostBytes = 1_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Oldest_files_go_first_and_leave_a_picture_and_all_that_outlives_a_restart()
    {
        using var folder = new TempFolder();
        List<string> jobs = [];
        await using (var emulator = await StartAsync(folder))
        {
            using var client = await ServiceClient.RegisteredAsync(emulator);
            for (var i = 0; i < 5; i++)
            {
                // Each source is a quarter of the limit for kept files.
                await emulator.Storage.PutAsync("source", TestFiles.Photo("aitzgorri.jpg"), "image/jpeg", Cancellation);
                var requestId = await client.ProcessAsync(emulator.Storage.CreateReadUrl("source").AbsoluteUri, RenditionTests.Rendition(emulator, "small", "png", width: 20));
                await client.EventsAsync(i + 1);
                jobs.Add(await JobOfAsync(client.Http, requestId));
                Assert.True(emulator.Storage.Remove("source"));
                Assert.True(emulator.Storage.Remove("small"));
            }

            await ExpectAsync(client.Http, jobs);
        }

        await using (var again = await StartAsync(folder))
        {
            using var http = new HttpClient { BaseAddress = again.Endpoint };
            await ExpectAsync(http, jobs);

            // Run again with the kept file and without it.
            var renditions = new JsonArray(new JsonObject { ["fmt"] = "png", ["name"] = "again.png", ["width"] = 30 });
            var id = await HostileFileTests.RunAsync(http, new JsonObject { ["source"] = new JsonObject { ["kept"] = jobs[^1] }, ["renditions"] = renditions.DeepClone() });
            var job = await EndedAsync(http, id);
            Assert.Equal("created", job["state"]!.GetValue<string>());
            Assert.Equal("30 20", $"{job["renditions"]![0]!["width"]} {job["renditions"]![0]!["height"]}");
            using var body = new StringContent(new JsonObject { ["source"] = new JsonObject { ["kept"] = jobs[0] }, ["renditions"] = renditions }.ToJsonString());
            using var gone = await http.PostAsync("/emulator/run", body, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, gone.StatusCode);
            Assert.Contains("no longer kept", await gone.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task File_larger_than_a_quarter_is_refused_as_a_source_and_256_MiB_are_kept_by_default()
    {
        Assert.Equal(256L << 20, new AssetComputeEmulatorOptions().KeptBytes);
        await using var emulator = await StartAsync(null);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        using var body = new ByteArrayContent(new byte[(MostBytes / 4) + 1]);

        using var response = await http.PostAsync("/emulator/sources?name=large.bin", body, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("a quarter of the 1000000 bytes", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_leaves_the_journal_of_the_application_and_the_storage_as_they_are()
    {
        await using var emulator = await StartAsync(null);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var source = await HostileFileTests.UploadAsync(client.Http, "photo.jpg", TestFiles.Photo("sunset.jpg"), "image/jpeg");
        var request = new JsonObject
        {
            ["source"] = new JsonObject { ["kept"] = source },
            ["renditions"] = new JsonArray(
                new JsonObject { ["fmt"] = "png", ["name"] = "a.png", ["width"] = 30, ["unknown"] = new JsonObject { ["x"] = 1 } },
                new JsonObject { ["fmt"] = "xyz" }),
            ["userData"] = new JsonObject { ["mine"] = true },
        };
        using var checkedBody = new StringContent(request.ToJsonString(new() { WriteIndented = true }));
        using var check = await client.Http.PostAsync("/emulator/run/check", checkedBody, Cancellation);
        var problem = Assert.Single((await ServiceClient.JsonAsync(check))["problems"]!.AsArray());

        var job = await EndedAsync(client.Http, await HostileFileTests.RunAsync(client.Http, request));

        Assert.Equal("renditions[1].fmt 15", $"{problem!["path"]} {problem["line"]}");
        Assert.Equal("emulator-page", job["clientId"]!.GetValue<string>());
        Assert.Equal("photo.jpg", job["source"]!.GetValue<string>());
        Assert.Equal(["created", "failed"], job["renditions"]!.AsArray().Select(rendition => rendition!["state"]!.GetValue<string>()));
        Assert.Equal("RenditionFormatUnsupported", job["renditions"]![1]!["reason"]!.GetValue<string>());
        using var journal = await client.GetJournalAsync();
        Assert.Equal(HttpStatusCode.NoContent, journal.StatusCode);
        var curl = await client.Http.GetStringAsync($"/emulator/jobs/{job["id"]}/curl", Cancellation);
        Assert.Contains("\"unknown\": {", curl, StringComparison.Ordinal);
        Assert.Contains("\"mine\": true", curl, StringComparison.Ordinal);
        await Waiting.UntilAsync(() => Task.FromResult(emulator.Storage.Names.Count == 0));
    }

    [Fact]
    public async Task Abort_ends_what_is_open_at_once_and_nothing_else()
    {
        await using var emulator = await StartAsync(null);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "made", "png", width: 20));
        emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Late(TimeSpan.FromHours(1)), calls: 2);
        var requestId = await client.ProcessAsync(
            RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "one", "png", width: 20), RenditionTests.Rendition(emulator, "two", "jpg", width: 20));
        var job = await JobOfAsync(client.Http, requestId);

        var aborted = await AbortAsync();
        var events = await client.EventsAsync(3);

        Assert.Equal(2, aborted);
        Assert.All(events.Skip(1), @event =>
        {
            Assert.Equal("rendition_failed GenericError", $"{@event["type"]} {@event["errorReason"]}");
            Assert.Equal("aborted on the page", @event["errorMessage"]!.GetValue<string>());
        });
        Assert.Equal(0, await AbortAsync());

        async Task<int> AbortAsync()
        {
            using var response = await client.Http.PostAsync($"/emulator/jobs/{job}/abort", null, Cancellation);
            return (await ServiceClient.JsonAsync(response))["aborted"]!.GetValue<int>();
        }
    }

    /// <summary>Asserts that the first of five sources is only a picture, the last is complete, and the total size is within the limit.</summary>
    private static async Task ExpectAsync(HttpClient http, List<string> jobs)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await FileAsync(http, $"{jobs[0]}/source")).Status);
        using var picture = new MagickImage((await FileAsync(http, $"{jobs[0]}/source?picture")).Content);
        Assert.Equal("WebP 640x427", picture.Describe());
        Assert.Equal(TestFiles.Photo("aitzgorri.jpg"), (await FileAsync(http, $"{jobs[^1]}/source")).Content);
        using var rendition = new MagickImage((await FileAsync(http, $"{jobs[^1]}/0")).Content);
        Assert.Equal("Png 20x13", rendition.Describe());
        var bytes = 0;
        foreach (var job in jobs)
        {
            foreach (var part in new[] { "source", "0" })
            {
                bytes += (await FileAsync(http, $"{job}/{part}")).Content.Length;
            }
        }

        Assert.InRange(bytes, MostBytes / 2, MostBytes);
    }

    private static async Task<(HttpStatusCode Status, byte[] Content)> FileAsync(HttpClient http, string address)
    {
        using var response = await http.GetAsync($"/emulator/files/{address}", Cancellation);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    private static async Task<string> JobOfAsync(HttpClient http, string requestId)
    {
        using var response = await http.GetAsync($"/emulator/jobs?q={requestId}", Cancellation);
        return Assert.Single((await ServiceClient.JsonAsync(response))["jobs"]!.AsArray())!["id"]!.GetValue<string>();
    }

    internal static async Task<JsonObject> EndedAsync(HttpClient http, string job)
    {
        JsonObject json = [];
        await Waiting.UntilAsync(async () =>
        {
            using var response = await http.GetAsync($"/emulator/jobs/{job}", Cancellation);
            json = await ServiceClient.JsonAsync(response);
            return json["state"]!.GetValue<string>() != "open";
        });
        return json;
    }

    private static Task<AssetComputeEmulator> StartAsync(TempFolder? folder) => AssetComputeEmulator.StartAsync(
        options =>
        {
            options.DataFolder = folder?["data"];
            options.KeptBytes = MostBytes;
        },
        Cancellation);
}
