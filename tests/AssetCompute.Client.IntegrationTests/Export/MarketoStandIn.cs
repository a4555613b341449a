using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>The file calls of Marketo: tokens, lookups, forms, and errors in answers with the status 200.</summary>
internal sealed class MarketoStandIn : IAsyncDisposable
{
    private readonly WebApplication _app = LoopbackServer.Create();
    private readonly Lock _gate = new();
    private int _tokens;

    private MarketoStandIn()
    {
        _app.MapGet("/identity/oauth/token", TokenAsync);
        _app.MapGet("/rest/asset/v1/file/byName.json", context => CallAsync(context, Find));
        _app.MapPost("/rest/asset/v1/files.json", context => CallAsync(context, CreateAsync));
        _app.MapPost("/rest/asset/v1/file/{id:int}/content.json", context => CallAsync(context, ReplaceAsync));
    }

    public Uri Url => new(_app.Urls.First());

    public Dictionary<int, (string Name, string? Folder, byte[] Content)> Files { get; } = [];

    public List<string> Calls { get; } = [];

    public int Tokens => _tokens;

    /// <summary>Codes to refuse the next calls with.</summary>
    public Queue<string> Refusals { get; } = new();

    public static async Task<MarketoStandIn> StartAsync()
    {
        MarketoStandIn marketo = new();
        await marketo._app.StartAsync(TestContext.Current.CancellationToken);
        return marketo;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task TokenAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        bool isKnown = query["grant_type"] == "client_credentials" && query["client_id"] == "id" && query["client_secret"] == "s&cret";
        context.Response.StatusCode = isKnown ? 200 : 401;
        return context.Response.WriteAsync(isKnown ? $$"""{"access_token":"token-{{Interlocked.Increment(ref _tokens)}}","token_type":"bearer","expires_in":3599}""" : "{}");
    }

    private async Task CallAsync(HttpContext context, Func<HttpContext, Task<JsonNode>> answer)
    {
        string? refusal;
        lock (_gate)
        {
            Calls.Add($"{context.Request.Method} {context.Request.Path}");
            Refusals.TryDequeue(out refusal);
        }

        if (context.Request.Headers.Authorization != $"Bearer token-{_tokens}")
        {
            refusal = "601";
        }

        JsonNode body = refusal is null ? await answer(context) : new JsonObject { ["success"] = false, ["errors"] = new JsonArray(new JsonObject { ["code"] = refusal, ["message"] = "refused" }) };
        await context.Response.WriteAsync(body.ToJsonString());
    }

    private Task<JsonNode> Find(HttpContext context)
    {
        lock (_gate)
        {
            JsonObject answer = new() { ["success"] = true };
            if (Files.FirstOrDefault(file => file.Value.Name == context.Request.Query["name"]) is { Key: > 0 } found)
            {
                answer["result"] = new JsonArray(Json(found.Key));
            }
            else
            {
                answer["warnings"] = new JsonArray("No assets found for the given search criteria.");
            }

            return Task.FromResult<JsonNode>(answer);
        }
    }

    private async Task<JsonNode> CreateAsync(HttpContext context)
    {
        Assert.NotNull(context.Request.ContentLength);
        IFormCollection form = await context.Request.ReadFormAsync();
        byte[] content = await ContentAsync(form);
        lock (_gate)
        {
            Files.Add(Files.Count + 1, (form["name"].ToString(), form["folder"], content));
            return new JsonObject { ["success"] = true, ["result"] = new JsonArray(Json(Files.Count)) };
        }
    }

    private async Task<JsonNode> ReplaceAsync(HttpContext context)
    {
        byte[] content = await ContentAsync(await context.Request.ReadFormAsync());
        int id = int.Parse((string)context.Request.RouteValues["id"]!, System.Globalization.CultureInfo.InvariantCulture);
        lock (_gate)
        {
            Files[id] = Files[id] with { Content = content };
            return new JsonObject { ["success"] = true, ["result"] = new JsonArray(Json(id)) };
        }
    }

    private JsonObject Json(int id) => new() { ["id"] = id, ["name"] = Files[id].Name, ["size"] = Files[id].Content.Length };

    private static async Task<byte[]> ContentAsync(IFormCollection form)
    {
        using MemoryStream content = new();
        await form.Files["file"]!.CopyToAsync(content);
        return content.ToArray();
    }
}
