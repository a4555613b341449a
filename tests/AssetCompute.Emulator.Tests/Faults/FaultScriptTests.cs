using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed class FaultScriptTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Script_over_HTTP_adds_faults_and_delete_ends_them()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var added = await client.Http.PostAsync("/emulator/faults", Json("""
            {
              "faults": [
                { "operation": "Register", "next": 1, "status": 503, "retryAfterSeconds": 7, "body": "{}", "headers": { "x-more": "1" } },
                { "operation": "Unregister", "share": 1, "seed": 3, "status": 500 }
              ],
              "rateLimits": [ { "operation": "Process", "perSecond": 0.001, "burst": 1, "retryAfterSeconds": 9 } ],
              "tokenLifetimeSeconds": 5,
              "journal": { "maxPageEvents": 1 },
              "webhooks": { "duplicateShare": 0.5, "reorderShare": 0.25, "seed": 2 }
            }
            """), Cancellation);
        using var register = await client.PostAsync("/register");
        using var unregister = await client.PostAsync("/unregister");
        using var first = await client.PostAsync("/process", new JsonObject());
        using var second = await client.PostAsync("/process", new JsonObject());
        using var cleared = await client.Http.DeleteAsync("/emulator/faults", Cancellation);
        using var third = await client.PostAsync("/process", new JsonObject());

        var faults = (await ServiceClient.JsonAsync(added))["faults"]!.AsArray().Select(fault => fault!.GetValue<string>()).ToArray();
        Assert.Equal(7, faults.Length);
        Assert.Contains("Webhooks: 50% of events twice", faults);
        Assert.Contains("Webhooks: 25% of events out of order", faults);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, register.StatusCode);
        Assert.Equal("7", register.Headers.GetValues("Retry-After").Single());
        Assert.Equal("1", register.Headers.GetValues("x-more").Single());
        Assert.Equal(HttpStatusCode.InternalServerError, unregister.StatusCode);
        Assert.Equal([400, 429, 400], new[] { first, second, third }.Select(response => (int)response.StatusCode));
        Assert.Equal("9", second.Headers.GetValues("Retry-After").Single());
        Assert.Empty((await ServiceClient.JsonAsync(cleared))["faults"]!.AsArray());
    }

    [Fact]
    public async Task Script_has_windows_concurrency_and_spans_of_time()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var added = await client.Http.PostAsync("/emulator/faults", Json("""
            {
              "faults": [
                { "operation": "Journal", "fromSeconds": 0, "untilSeconds": 3600, "status": 503 },
                { "operation": "Journal", "share": 0.5, "fromSeconds": 3600, "status": 500 }
              ],
              "rateLimits": [ { "operation": "Unregister", "perSecond": 0.001, "burst": 1, "sendRetryAfter": false } ],
              "windowLimits": [ { "operation": "Register", "calls": 1, "windowSeconds": 3600, "retryAfterSeconds": 8 } ],
              "concurrencyLimits": [ { "operation": "Process", "calls": 1, "sendRetryAfter": false } ]
            }
            """), Cancellation);
        using var journal = await client.GetJournalAsync();
        using var first = await client.PostAsync("/register");
        using var second = await client.PostAsync("/register");
        using var third = await client.PostAsync("/unregister");
        using var fourth = await client.PostAsync("/unregister");
        using var process = await client.PostAsync("/process", new JsonObject());

        Assert.Equal(
            [
                "Journal: 100% from 0 s to 3600 s → status 503",
                "Journal: 50% from 3600 s on → status 500",
                "Process: 1 at a time, then 429",
                "Register: 1 in each 3600 s, then 429",
                "Unregister: 0.001 a second, 1 at once, then 429",
            ],
            (await ServiceClient.JsonAsync(added))["faults"]!.AsArray().Select(fault => fault!.GetValue<string>()).Order());
        Assert.Equal([503, 200, 429, 200, 429, 400], new[] { journal, first, second, third, fourth, process }.Select(response => (int)response.StatusCode));
        Assert.Equal("8", second.Headers.GetValues("Retry-After").Single());
        Assert.False(fourth.Headers.Contains("Retry-After"));
    }

    [Theory]
    [InlineData("""{"fault":[]}""", "fault")]
    [InlineData("""{"faults":[{"operation":"Process","statu":500}]}""", "The JSON property 'statu' could not be mapped. Path: $.faults[0].statu")]
    [InlineData("""{"faults":[5]}""", "$.faults[0]")]
    [InlineData("""{"faults":[{"operation":"Sing"}]}""", "$.faults[0].operation")]
    [InlineData("""{"faults":[{"operation":"Process","share":2,"status":500}]}""", "share")]
    [InlineData("""{"clients":[{"clientId":"a","clientSecrets":["b"],"organizationId":"c"}]}""", "Clients")]
    [InlineData("""{"faults":[{"operation":"Process","delayMilliseconds":1e300}]}""", "out of its range")]
    [InlineData("""{"faults":[{"operation":"Process","delayMilliseconds":1e13}]}""", "A delay is within 0 and 49 days.")]
    [InlineData("""{"faults":[{"operation":"Process","delayMilliseconds":-1}]}""", "A delay is within 0 and 49 days.")]
    [InlineData("""{"faults":[{"operation":"Process","share":0.1,"delayMilliseconds":1e13}]}""", "A delay is within 0 and 49 days.")]
    [InlineData("""{"faults":[{"operation":"Process","status":500,"retryAfterSeconds":1e300}]}""", "out of its range")]
    [InlineData("""{"faults":[{"operation":"Process","next":1,"share":0.5,"status":500}]}""", "not for both")]
    [InlineData("""{"faults":[{"operation":"Process","fromSeconds":2,"untilSeconds":1,"status":500}]}""", "until")]
    [InlineData("""{"windowLimits":[{"operation":"Process","calls":1}]}""", "windowSeconds")]
    [InlineData("""{"windowLimits":[{"operation":"Process","calls":1,"windowSeconds":0}]}""", "window")]
    [InlineData("""{"concurrencyLimits":[{"operation":"Process","calls":0}]}""", "calls")]
    [InlineData("""{"tokenLifetimeSeconds":9e11}""", "out of its range")]
    [InlineData("""{"journal":{"duplicateShare":10}}""", "A share is within 0 and 1.")]
    [InlineData("""{"journal":{"reorderShare":-0.1}}""", "A share is within 0 and 1.")]
    [InlineData("""{"journal":{"repeatPageShare":1.1}}""", "A share is within 0 and 1.")]
    [InlineData("""{"journal":{"maxPageEvents":0}}""", "out of its range")]
    [InlineData("""{"journal":{"statusUntilReady":42}}""", "out of its range")]
    [InlineData("""{"webhooks":{"duplicateShare":2}}""", "A share is within 0 and 1.")]
    [InlineData("""{"webhooks":{"reorderShare":2}}""", "A share is within 0 and 1.")]
    [InlineData("""nonsense""", "script")]
    public async Task Script_that_is_wrong_is_refused_and_says_where(string script, string place)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };

        using var response = await http.PostAsync("/emulator/faults", Json(script), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await ServiceClient.JsonAsync(response))["error"]!.GetValue<string>();
        Assert.Contains(place, error, StringComparison.Ordinal);
        Assert.DoesNotContain("AssetCompute", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_file_gives_clients_and_faults_to_start_with()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["script.json"], """
            {
              // A second project, and a journal that takes its time.
              "clients": [ { "clientId": "own", "clientSecrets": ["secret"], "organizationId": "own@AdobeOrg" } ],
              "journal": { "readyAfterSeconds": 3600 },
            }
            """, Cancellation);
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.ScriptFile = folder["script.json"], Cancellation);
        using var client = await ServiceClient.RegisteredAsync(
            emulator, new EmulatorClient { ClientId = "own", ClientSecrets = ["secret"], OrganizationId = "own@AdobeOrg" });

        using var journal = await client.GetJournalAsync();

        Assert.Equal(HttpStatusCode.NotFound, journal.StatusCode);
        await Assert.ThrowsAsync<FileNotFoundException>(() => AssetComputeEmulator.StartAsync(options => options.ScriptFile = folder["none.json"], Cancellation));
    }

    [Fact]
    public async Task Other_languages_sign_urls_publish_events_read_calls_and_revoke_tokens()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        async Task<JsonObject> PostAsync(string path, string body)
        {
            using var response = await client.Http.PostAsync(path, Json(body), Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await ServiceClient.JsonAsync(response);
        }

        var write = (await PostAsync("/emulator/urls", """{"name":"a/b.txt","permission":"write"}"""))["url"]!.GetValue<string>();
        using var written = await client.Http.PutAsync(write, new StringContent("hello"), Cancellation);
        var expired = (await PostAsync("/emulator/urls", """{"name":"a/b.txt","permission":"read","lifetimeSeconds":-1}"""))["url"]!.GetValue<string>();
        using var refused = await client.Http.GetAsync(expired, Cancellation);
        await PostAsync("/emulator/events", """{"event":{"type":"com.example.other"}}""");
        var foreign = await client.EventsAsync(1);
        await PostAsync("/emulator/tokens/revoke", "{}");
        using var revoked = await client.PostAsync("/register");
        var calls = await client.Http.GetFromJsonAsync<JsonObject>("/emulator/calls?operation=register", Cancellation);

        Assert.Equal(HttpStatusCode.Created, written.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("com.example.other", foreign[0]["type"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, revoked.StatusCode);
        Assert.Equal([200, 401], calls!["calls"]!.AsArray().Select(call => call!["status"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("9e11")]
    public async Task Url_that_would_never_expire_is_refused(string lifetime)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };

        using var response = await http.PostAsync("/emulator/urls", Json($$"""{"name":"x","permission":"read","lifetimeSeconds":{{lifetime}}}"""), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example", null)]
    [InlineData(null, "evil.example")]
    public async Task Other_sites_pages_cannot_steer_the_emulator(string? origin, string? host)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/emulator/tokens/revoke") { Content = Json("{}") };
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
