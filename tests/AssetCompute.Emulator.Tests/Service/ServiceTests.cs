using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed class ServiceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Register_twice_answers_the_same_journal_on_the_emulators_origin()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var first = client.Journal!;

        await client.RegisterAsync();

        Assert.Equal(first, client.Journal);
        Assert.Equal(emulator.Endpoint.Authority, first.Authority);
        Assert.Matches("^/events/organizations/[0-9]+/integrations/[0-9]+/[0-9a-f-]{36}$", first.AbsolutePath);
    }

    [Fact]
    public async Task Unregister_answers_200_then_404_and_both_bodies_say_ok()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var first = await client.PostAsync("/unregister", requestId: "one");
        using var second = await client.PostAsync("/unregister", requestId: "two");
        using var journal = await client.GetJournalAsync();

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("""{"ok":true,"requestId":"one"}""", await first.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
        Assert.Equal("""{"ok":true,"requestId":"two"}""", await second.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, journal.StatusCode);
    }

    [Fact]
    public async Task Process_unregistered_answers_404()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        await client.SignInAsync();

        using var response = await client.PostAsync("/process", Request());

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.False((await ServiceClient.JsonAsync(response))["ok"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("""not json""", "The body is not valid JSON")]
    [InlineData("""[]""", "The body must be a JSON object")]
    [InlineData("""{"source":"https://a/b"}""", "'renditions' is missing")]
    [InlineData("""{"source":"https://a/b","renditions":{}}""", "'renditions' is not an array")]
    [InlineData("""{"source":"https://a/b","renditions":[]}""", "'renditions' array is empty")]
    [InlineData("""{"source":"https://a/b","renditions":[1]}""", "'renditions[0]' is not an object")]
    [InlineData("""{"source":"https://a/b","renditions":[{"target":"https://a/b"}]}""", "'renditions[0].fmt' is missing")]
    [InlineData("""{"source":"https://a/b","renditions":[{"fmt":1,"target":"https://a/b"}]}""", "'renditions[0].fmt' is not a string")]
    [InlineData("""{"source":"https://a/b","renditions":[{"fmt":"png"}]}""", "'renditions[0].target' is missing")]
    [InlineData("""{"source":"https://a/b","renditions":[{"fmt":"png","target":1}]}""", "'renditions[0].target' is neither a string nor an object")]
    [InlineData("""{"source":"https://a/b","renditions":[{"fmt":"png","target":{"urls":[1]}}]}""", "'renditions[0].target.urls' is not an array of strings")]
    [InlineData("""{"source":"https://a/b","renditions":[{"fmt":"png","target":"https://a/b","worker":"no"}]}""", "'renditions[0].worker' is not an https URL")]
    [InlineData("""{"source":"https://a/b","renditions":[{"fmt":"png","target":"https://a/b","userData":1}]}""", "'renditions[0].userData' is not an object")]
    [InlineData("""{"source":"https://a/b","userData":1,"renditions":[{"fmt":"png","target":"https://a/b"}]}""", "'userData' is not an object")]
    [InlineData("""{"renditions":[{"fmt":"png","target":"https://a/b"}]}""", "'source' is missing")]
    [InlineData("""{"source":{},"renditions":[{"fmt":"png","target":"https://a/b"}]}""", "'source.url' is missing")]
    [InlineData("""{"source":"https://a/b","userData":{"x":"\ud800"},"renditions":[{"fmt":"png","target":"https://a/b"}]}""", "The body has a string that is not valid Unicode")]
    [InlineData("""{"source":"https://a/b","renditions":[{"fmt":"png","target":"https://a/b","\udc00":1}]}""", "The body has a string that is not valid Unicode")]
    [InlineData("""{"source":1,"renditions":[{"fmt":"png","target":"https://a/b"}]}""", "'source' is neither a URL nor an object")]
    public async Task Process_malformed_answers_400_that_names_the_field(string body, string message)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var response = await client.SendAsync(HttpMethod.Post, "/process", body, requestId: "mine");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await ServiceClient.JsonAsync(response);
        Assert.False(answer["ok"]!.GetValue<bool>());
        Assert.Equal("mine", answer["requestId"]!.GetValue<string>());
        Assert.StartsWith(message, answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_beyond_its_bytes_answers_413()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var response = await client.SendAsync(HttpMethod.Post, "/process", change: request =>
        {
            request.Headers.ExpectContinue = true;
            request.Content = new ByteArrayContent(new byte[(64 << 20) + 1]);
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.False((await ServiceClient.JsonAsync(response))["ok"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("/register")]
    [InlineData("/unregister")]
    [InlineData("/process")]
    [InlineData("journal")]
    public async Task Every_operation_checks_key_token_and_organization(string operation)
    {
        var other = new EmulatorClient { ClientId = "other", ClientSecrets = ["s"], OrganizationId = "other@AdobeOrg" };
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Clients.Add(EmulatorClient.WellKnown);
                options.Clients.Add(other);
            },
            Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var method = operation == "journal" ? HttpMethod.Get : HttpMethod.Post;
        var path = operation == "journal" ? client.Journal!.AbsolutePath : operation;
        async Task<string> RefusalAsync(Action<HttpRequestMessage> change)
        {
            using var response = await client.SendAsync(method, path, change: change);
            var body = await ServiceClient.JsonAsync(response);
            Assert.Equal((int)response.StatusCode, int.Parse(body["error_code"]!.GetValue<string>()[..3], null));
            Assert.NotEmpty(response.Headers.GetValues("X-Request-Id").Single());
            return $"{body["error_code"]} {body["message"]}";
        }

        Assert.Equal("403000 Api Key is required", await RefusalAsync(request => request.Headers.Remove("x-api-key")));
        Assert.Equal("403010 Oauth token is missing.", await RefusalAsync(request => request.Headers.Authorization = null));
        Assert.Equal("401013 Oauth token is not valid", await RefusalAsync(request => request.Headers.Authorization = new("Bearer", "forged.to.ken")));
        Assert.Equal("401013 Oauth token is not valid", await RefusalAsync(request => request.Headers.Authorization = new("Bearer", client.Token[..^2])));
        Assert.Equal("403003 Api Key is invalid", await RefusalAsync(request => Replace(request, "x-api-key", "other")));
        Assert.StartsWith("403023", await RefusalAsync(request => Replace(request, "x-ims-org-id", "other@AdobeOrg")), StringComparison.Ordinal);
        Assert.StartsWith("403020", await RefusalAsync(request =>
        {
            request.Headers.Remove("x-ims-org-id");
            request.Headers.Remove("x-gw-ims-org-id");
        }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_with_only_the_documented_organization_header_is_admitted()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        await client.SignInAsync();

        using var response = await client.SendAsync(HttpMethod.Post, "/register", change: request => request.Headers.Remove("x-ims-org-id"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Token_without_the_services_scope_answers_403()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = new ServiceClient(emulator);
        using var answer = await client.Http.PostAsync("/ims/token/v3", client.TokenForm(scope: "openid"), Cancellation);
        client.Token = (await ServiceClient.JsonAsync(answer))["access_token"]!.GetValue<string>();

        using var response = await client.PostAsync("/register");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("403011", (await ServiceClient.JsonAsync(response))["error_code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Token_expires_by_the_emulators_clock_and_is_revoked_on_demand()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        clock.Advance(TimeSpan.FromSeconds(86_398));
        using var shortlyBefore = await client.PostAsync("/register");
        clock.Advance(TimeSpan.FromSeconds(1));
        using var expired = await client.PostAsync("/register");
        await client.SignInAsync();
        using var renewed = await client.PostAsync("/register");
        emulator.RevokeTokens();
        using var revoked = await client.PostAsync("/register");
        await client.SignInAsync();
        using var again = await client.PostAsync("/register");

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK],
            new[] { shortlyBefore, expired, renewed, revoked, again }.Select(response => response.StatusCode));
    }

    [Fact]
    public async Task Request_id_is_the_callers_or_a_new_one()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var own = await client.PostAsync("/register", requestId: "caller-1");
        using var made = await client.PostAsync("/register");

        Assert.Equal("caller-1", own.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("caller-1", (await ServiceClient.JsonAsync(own))["requestId"]!.GetValue<string>());
        Assert.Equal(made.Headers.GetValues("X-Request-Id").Single(), (await ServiceClient.JsonAsync(made))["requestId"]!.GetValue<string>());
        Assert.NotEqual("caller-1", made.Headers.GetValues("X-Request-Id").Single());
    }

    private static void Replace(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.Add(header, value);
    }

    private static JsonObject Request() => new()
    {
        ["source"] = "data:image/png;base64,aGVsbG8=",
        ["renditions"] = new JsonArray(new JsonObject { ["fmt"] = "png", ["target"] = "http://127.0.0.1:1/x" }),
    };

    [Theory]
    [InlineData("""{"source":"data:,first","source":"data:,x","renditions":[RENDITION]}""")]
    [InlineData("""{"source":"data:,x","renditions":1,"renditions":[RENDITION]}""")]
    [InlineData("""{"source":{"url":1,"url":"data:,x"},"renditions":[RENDITION],"userData":{"a":1,"a":2}}""")]
    public async Task Key_that_comes_twice_counts_as_in_JavaScript_the_last_time(string body)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var target = emulator.Storage.CreateWriteUrl("a.png").AbsoluteUri;

        using var response = await client.SendAsync(
            HttpMethod.Post, "/process", body.Replace("RENDITION", $$"""{"fmt":"jpg","fmt":"png","target":"{{target}}"}""", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var @event = (await client.EventsAsync(1)).Single();

        Assert.Equal("data:,x", @event["source"]!.GetValue<string>());
        Assert.Equal("png", @event["rendition"]!["fmt"]!.GetValue<string>());
        Assert.Equal(body.Contains("userData", StringComparison.Ordinal) ? 2 : null, @event["userData"]?["a"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("{\n  nonsense", "The body is not valid JSON: line 2, byte 3.")]
    [InlineData("", "The body is not valid JSON: line 1, byte 1.")]
    public async Task Body_that_is_no_JSON_is_refused_with_its_place(string body, string message)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var response = await client.SendAsync(HttpMethod.Post, "/process", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(message, (await ServiceClient.JsonAsync(response))["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Unknown_key_answers_401_as_documented()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Spelling = WireSpelling.Documentation, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        using var unknown = await client.SendAsync(HttpMethod.Post, "/register", change: request =>
        {
            request.Headers.Remove("x-api-key");
            request.Headers.Add("x-api-key", "other");
        });
        using var missing = await client.SendAsync(HttpMethod.Post, "/register", change: request => request.Headers.Remove("x-api-key"));

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], new[] { unknown.StatusCode, missing.StatusCode });
    }

    [Fact]
    public async Task Event_before_anyone_has_registered_is_refused_with_what_to_do()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };

        foreach (var body in new[] { """{"event":{"type":"a"}}""", """{"event":{"type":"a"},"clientId":"emulator-client"}""" })
        {
            using var response = await http.PostAsync("/emulator/events", new StringContent(body), Cancellation);

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains("start a client first, or call /register", (await ServiceClient.JsonAsync(response))["error"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        Assert.Contains("start a client first", Assert.Throws<InvalidOperationException>(() => emulator.Publish(1)).Message, StringComparison.Ordinal);
    }
}
