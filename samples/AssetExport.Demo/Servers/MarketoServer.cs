using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AssetExport.Demo;

/// <summary>
/// A simulation of Marketo's file API: the token, and finding, creating and updating files. It is stricter than Marketo in two ways: a file that is created
/// twice exists twice, which makes the error visible, and a form must have a length.
/// </summary>
internal sealed class MarketoServer : IAsyncDisposable
{
    public const string ClientId = "marketo-client";
    public const string ClientSecret = "marketo&secret";
    public const int FolderId = 416;

    /// <summary>Marketo's limit of concurrent calls.</summary>
    private const int MaxConcurrentCalls = 10;

    private readonly WebApplication _app;
    private readonly TimeSpan _latency;
    private readonly ConcurrentDictionary<string, bool> _tokens = new();
    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly List<MarketoServerFile> _files = [];
    private int _underWay;

    private MarketoServer(WebApplication app, TimeSpan latency)
    {
        _app = app;
        _latency = latency;
    }

    public Uri Endpoint => new(_app.Urls.First());

    public IReadOnlyList<MarketoServerFile> Files
    {
        get
        {
            lock (_files)
            {
                return [.. _files];
            }
        }
    }

    /// <summary>The number of issued tokens.</summary>
    public int Tokens => _tokens.Count;

    /// <summary>The method and path of all calls in order, except token requests.</summary>
    public IReadOnlyCollection<string> Calls => _calls;

    /// <summary>Refuses the next otherwise valid call with an error.</summary>
    /// <param name="code">The error code.</param>
    public void Refuse(string code) => _refusals.Enqueue(code);

    /// <param name="latency">The minimum duration of each call.</param>
    public static async Task<MarketoServer> StartAsync(TimeSpan latency)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
        WebApplication app = builder.Build();
        MarketoServer server = new(app, latency);
        app.UseRouting();
        app.MapGet("/identity/oauth/token", server.SignInAsync);
        app.MapGet("/rest/asset/v1/file/byName.json", context => server.AnswerAsync(context, server.FindAsync));
        app.MapPost("/rest/asset/v1/files.json", context => server.AnswerAsync(context, server.CreateAsync));
        app.MapPost("/rest/asset/v1/file/{id:long}/content.json", context => server.AnswerAsync(context, server.ReplaceAsync));
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private Task SignInAsync(HttpContext context)
    {
        if (context.Request.Query["client_id"] != ClientId || context.Request.Query["client_secret"] != ClientSecret || context.Request.Query["grant_type"] != "client_credentials")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return WriteAsync(context, new JsonObject { ["error"] = "unauthorized", ["error_description"] = "No client with requested id" });
        }

        string token = Guid.NewGuid().ToString();
        _tokens[token] = true;
        return WriteAsync(context, new JsonObject { ["access_token"] = token, ["token_type"] = "bearer", ["expires_in"] = 3599, ["scope"] = "demo@example.com" });
    }

    /// <summary>Sends a response. Marketo returns errors with status 200.</summary>
    private async Task AnswerAsync(HttpContext context, Func<HttpContext, Task<JsonObject>> answer)
    {
        _calls.Enqueue($"{context.Request.Method} {context.Request.Path}");
        string authorization = context.Request.Headers.Authorization.ToString();
        bool isSignedIn = authorization.StartsWith("Bearer ", StringComparison.Ordinal) && _tokens.ContainsKey(authorization["Bearer ".Length..]);
        try
        {
            JsonObject body = Interlocked.Increment(ref _underWay) > MaxConcurrentCalls ? Error("615", "Concurrent access limit reached")
                : !isSignedIn ? Error("601", "Access token invalid")
                : _refusals.TryDequeue(out string? code) ? Error(code, "Refused")
                : await answer(context);
            await Task.Delay(_latency, context.RequestAborted);
            body["requestId"] = Guid.NewGuid().ToString("N")[..8];
            await WriteAsync(context, body);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or BadHttpRequestException)
        {
            // The caller was killed during the call, so there is no response to send, and the incomplete file is discarded.
            context.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private Task<JsonObject> FindAsync(HttpContext context)
    {
        string name = context.Request.Query["name"].ToString();
        return Task.FromResult(Files.FirstOrDefault(file => file.Name == name) is { } file
            ? Result(file)
            : new JsonObject { ["success"] = true, ["warnings"] = new JsonArray("No assets found for the given search criteria.") });
    }

    private async Task<JsonObject> CreateAsync(HttpContext context)
    {
        ReceivedForm form = await ReadFormAsync(context);
        if (context.Request.ContentLength is null || form.Sha1 is null || form.Fields["name"].ToString() is not { Length: > 0 } name
            || JsonNode.Parse(form.Fields["folder"].FirstOrDefault("null")!) is not JsonObject folder || folder["id"]?.GetValue<int>() != FolderId || folder["type"]?.GetValue<string>() != "Folder")
        {
            return Error("701", "The length, folder, name and file must be there");
        }

        lock (_files)
        {
            MarketoServerFile file = new(_files.Count + 1, name, form.Size, form.Sha1, Writes: 1);
            _files.Add(file);
            return Result(file);
        }
    }

    private async Task<JsonObject> ReplaceAsync(HttpContext context)
    {
        long id = long.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        ReceivedForm form = await ReadFormAsync(context);
        lock (_files)
        {
            int index = _files.FindIndex(file => file.Id == id);
            if (index < 0 || form.Sha1 is null)
            {
                return index < 0 ? Error("702", $"File not found, id={id}") : Error("701", "file must be there");
            }

            MarketoServerFile file = _files[index] with { Size = form.Size, Sha1 = form.Sha1, Writes = _files[index].Writes + 1 };
            _files[index] = file;
            return Result(file);
        }
    }

    /// <summary>Reads a form. ASP.NET Core buffers large files on disk.</summary>
    private static async Task<ReceivedForm> ReadFormAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = long.MaxValue }, context.RequestAborted);
        if (form.Files.GetFile("file") is not { } file)
        {
            return new ReceivedForm(form, 0, null);
        }

        await using Stream content = file.OpenReadStream();
        return new ReceivedForm(form, file.Length, Convert.ToHexStringLower(await CryptographicOperations.HashDataAsync(HashAlgorithmName.SHA1, content, context.RequestAborted)));
    }

    private static JsonObject Result(MarketoServerFile file) => new()
    {
        ["success"] = true,
        ["result"] = new JsonArray(new JsonObject { ["id"] = file.Id, ["name"] = file.Name, ["size"] = file.Size, ["folder"] = new JsonObject { ["id"] = FolderId, ["type"] = "Folder" } }),
    };

    private static JsonObject Error(string code, string message) => new()
    {
        ["success"] = false,
        ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }),
    };

    private static Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private sealed record ReceivedForm(IFormCollection Fields, long Size, string? Sha1);
}
