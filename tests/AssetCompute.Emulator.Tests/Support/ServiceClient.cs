using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

/// <summary>Sends requests to an emulator without the client library, so that tests see the exact bytes.</summary>
internal sealed class ServiceClient : IDisposable
{
    private const string Scopes = "openid,AdobeID,asset_compute,read_organizations,event_receiver,event_receiver_api";

    private readonly EmulatorClient _client;

    /// <summary>Longer than any operation on a busy machine.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(3);

    public ServiceClient(AssetComputeEmulator emulator, EmulatorClient? client = null)
        : this(emulator.Endpoint, client)
    {
    }

    public ServiceClient(Uri endpoint, EmulatorClient? client = null)
    {
        _client = client ?? EmulatorClient.WellKnown;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = endpoint };
    }

    public HttpClient Http { get; }

    public string Token { get; set; } = "";

    public Uri? Journal { get; private set; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A client that is signed in and registered.</summary>
    public static async Task<ServiceClient> RegisteredAsync(AssetComputeEmulator emulator, EmulatorClient? client = null)
    {
        var service = new ServiceClient(emulator, client);
        await service.SignInAsync();
        await service.RegisterAsync();
        return service;
    }

    public async Task SignInAsync()
    {
        using var response = await Http.PostAsync("/ims/token/v3", TokenForm(), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Token = (await JsonAsync(response))["access_token"]!.GetValue<string>();
    }

    public FormUrlEncodedContent TokenForm(string? secret = null, string? scope = null, string grantType = "client_credentials") => new(
    [
        new("client_id", _client.ClientId),
        new("client_secret", secret ?? _client.ClientSecrets[0]),
        new("grant_type", grantType),
        new("scope", scope ?? Scopes),
    ]);

    public async Task RegisterAsync()
    {
        using var response = await PostAsync("/register");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Journal = new Uri((await JsonAsync(response))["journal"]!.GetValue<string>());
    }

    public Task<HttpResponseMessage> PostAsync(string path, JsonNode? body = null, string? requestId = null) =>
        SendAsync(HttpMethod.Post, path, body?.ToJsonString(), requestId);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string? requestId = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.Add("x-api-key", _client.ClientId);
        request.Headers.Add("x-gw-ims-org-id", _client.OrganizationId);
        request.Headers.Add("x-ims-org-id", _client.OrganizationId);
        if (requestId is not null)
        {
            request.Headers.Add("x-request-id", requestId);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        change?.Invoke(request);
        return await Http.SendAsync(request, Cancellation);
    }

    /// <summary>Sends a request for renditions, and returns its request id.</summary>
    public async Task<string> ProcessAsync(JsonNode? source, params JsonObject[] renditions)
    {
        using var response = await PostAsync("/process", new JsonObject { ["source"] = source, ["renditions"] = new JsonArray([.. renditions]) });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await JsonAsync(response))["requestId"]!.GetValue<string>();
    }

    public Task<HttpResponseMessage> GetJournalAsync(string query = "") => SendAsync(HttpMethod.Get, Journal!.AbsolutePath + query);

    /// <summary>Reads the journal from its oldest entry until the given number of events has arrived.</summary>
    public async Task<IReadOnlyList<JsonObject>> EventsAsync(int count)
    {
        var events = new List<JsonObject>();
        var path = Journal!.PathAndQuery;
        var started = Stopwatch.GetTimestamp();
        while (events.Count < count)
        {
            // A missing event fails the test instead of hanging it.
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{events.Count} of {count} events came.");
            using var response = await SendAsync(HttpMethod.Get, path);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                events.AddRange((await JsonAsync(response))["events"]!.AsArray().Select(entry => entry!["event"]!.DeepClone().AsObject()));
                path = NextOf(response);
            }
            else
            {
                Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
                await Task.Delay(20, Cancellation);
            }
        }

        return events;
    }

    /// <summary>Sends a request for one rendition, and returns its event.</summary>
    public async Task<JsonObject> EventOfAsync(JsonNode? source, JsonObject rendition)
    {
        var requestId = await ProcessAsync(source, rendition);
        for (var count = 1; ;)
        {
            var events = await EventsAsync(count);
            if (events.FirstOrDefault(@event => @event["requestId"]!.GetValue<string>() == requestId) is { } found)
            {
                return found;
            }

            count = events.Count + 1;
        }
    }

    public static string NextOf(HttpResponseMessage response) =>
        response.Headers.GetValues("Link").Select(link => link.Split(';')).First(link => link[1].Trim() == "rel=\"next\"")[0].Trim('<', '>', ' ');

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject();

    public void Dispose() => Http.Dispose();
}
