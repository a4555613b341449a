using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.Benchmarks.Rendering;

/// <summary>Calls an emulator over HTTP, signed in and registered, with minimal overhead.</summary>
internal sealed class EmulatorCaller : IDisposable
{
    private EmulatorCaller(HttpClient http) => Http = http;

    public HttpClient Http { get; }

    public static async Task<EmulatorCaller> RegisterAsync(AssetComputeEmulator emulator)
    {
        EmulatorCaller caller = new(new HttpClient { BaseAddress = emulator.Endpoint });
        EmulatorClient client = EmulatorClient.WellKnown;
        using FormUrlEncodedContent form = new(new Dictionary<string, string>
        {
            ["client_id"] = client.ClientId,
            ["client_secret"] = client.ClientSecrets[0],
            ["grant_type"] = "client_credentials",
            ["scope"] = "openid,AdobeID,asset_compute,event_receiver,event_receiver_api",
        });
        JsonNode token = (await caller.PostAsync("/ims/token/v3", form))!;
        HttpRequestHeaders headers = caller.Http.DefaultRequestHeaders;
        headers.Authorization = new AuthenticationHeaderValue("Bearer", token["access_token"]!.GetValue<string>());
        headers.Add("x-api-key", client.ClientId);
        headers.Add("x-gw-ims-org-id", client.OrganizationId);
        await caller.PostAsync("/register", (HttpContent?)null);
        return caller;
    }

    public async Task<JsonNode?> PostAsync(string path, JsonObject body)
    {
        using StringContent json = new(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await PostAsync(path, json);
    }

    public void Dispose() => Http.Dispose();

    private async Task<JsonNode?> PostAsync(string path, HttpContent? content)
    {
        using HttpResponseMessage response = await Http.PostAsync(new Uri(path, UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync());
    }
}
