using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The in-process C# API over HTTP for other languages: faults, tokens, calls, signed URLs, joining and removing blobs, events of other services.</summary>
internal sealed class ControlEndpoints(EmulatorParts parts, AccessTokens tokens)
{
    private const string Root = "/emulator";

    public void Map(IEndpointRouteBuilder all)
    {
        var routes = all.MapControls();
        routes.MapGet(Root + "/faults", context => context.WriteJsonAsync(StatusCodes.Status200OK, FaultsNow()));
        routes.MapPost(Root + "/faults", context => ChangeAsync(context, AddFaults));
        routes.MapDelete(Root + "/faults", context => ChangeAsync(context, _ =>
        {
            parts.Faults.Clear();
            return FaultsNow();
        }));
        routes.MapPost(Root + "/tokens/revoke", context => ChangeAsync(context, _ =>
        {
            tokens.RevokeAll();
            return new JsonObject();
        }));
        routes.MapGet(Root + "/calls", CallsAsync);
        routes.MapGet(Root + "/calls/{sequence}", CallAsync);
        routes.MapDelete(Root + "/calls", context => ChangeAsync(context, _ =>
        {
            parts.Calls.Clear();
            return new JsonObject();
        }));
        routes.MapPost(Root + "/urls", context => ChangeAsync(context, body => SignUrl(context, body)));
        routes.MapPost(Root + "/blobs/join", context => ChangeAsync(context, JoinAsync));
        routes.MapPost(Root + "/blobs/delete", context => ChangeAsync(context, Delete));
        routes.MapPost(Root + "/events", context => ChangeAsync(context, Publish));
    }

    private static Task ChangeAsync(HttpContext context, Func<byte[], JsonObject> change) =>
        ChangeAsync(context, (body, _) => Task.FromResult(change(body)));

    private static Task ChangeAsync(HttpContext context, Func<byte[], CancellationToken, Task<JsonObject>> change) => ControlCall.AnswerAsync(context, async _ =>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return await change(body.ToArray(), context.RequestAborted).ConfigureAwait(false);
    });

    private JsonObject AddFaults(byte[] body)
    {
        var script = FaultScript.Parse(body);
        if (script.Clients.Count > 0)
        {
            throw new FormatException("Clients can only be given when the emulator starts.");
        }

        script.ApplyTo(parts.Faults);
        return FaultsNow();
    }

    private JsonObject FaultsNow() => new()
    {
        ["faults"] = new JsonArray([.. parts.Faults.Describe().Select(fault => JsonValue.Create(fault))]),
    };

    private JsonObject SignUrl(HttpContext context, byte[] body)
    {
        var request = Object(body);
        var name = request["name"].StringOf() ?? throw new FormatException("'name' is missing.");
        var permission = request["permission"].StringOf() switch
        {
            "read" => UrlSigner.Read,
            "write" => UrlSigner.Write,
            _ => throw new FormatException("'permission' is neither \"read\" nor \"write\"."),
        };
        var origin = new Uri($"{context.Request.Scheme}://{context.Request.Host}");
        return new JsonObject
        {
            ["url"] = parts.Storage.CreateUrl(name, permission, FaultScript.Seconds(request["lifetimeSeconds"].NumberOf()), origin).AbsoluteUri,
        };
    }

    private async Task<JsonObject> JoinAsync(byte[] body, CancellationToken cancellationToken)
    {
        var request = Object(body);
        var name = request["name"].StringOf() ?? throw new FormatException("'name' is missing.");
        var size = await parts.Storage.JoinAsync(name, NamesIn(request, "parts"), request["contentType"].StringOf(), cancellationToken).ConfigureAwait(false);
        return new JsonObject { ["size"] = size };
    }

    private JsonObject Delete(byte[] body) => new()
    {
        ["deleted"] = NamesIn(Object(body), "names").Count(parts.Storage.Remove),
    };

    private static List<string> NamesIn(JsonObject request, string field) => request[field] is JsonArray { Count: > 0 } names
        ? [.. names.Select(name => name.StringOf() ?? throw new FormatException($"'{field}' must be names."))]
        : throw new FormatException($"'{field}' is missing or empty.");

    private JsonObject Publish(byte[] body)
    {
        var request = Object(body);
        parts.Publish(request["event"] ?? throw new FormatException("'event' is missing."), request["clientId"].StringOf());
        return [];
    }

    private Task CallsAsync(HttpContext context) => ControlCall.AnswerAsync(context, _ => Task.FromResult(CallsNow(context.Request.Query)));

    private JsonObject CallsNow(IQueryCollection query)
    {
        EmulatorOperation? operation = query["operation"].ToString() is { Length: > 0 } name ? EnumNames<EmulatorOperation>.Parse(name) : null;
        var calls = parts.Calls.Where(call => operation is null || call.Operation == operation);
        return new JsonObject { ["calls"] = new JsonArray([.. calls.Select(ToJson)]) };
    }

    /// <summary>Returns a call with both bodies, if they were kept.</summary>
    private Task CallAsync(HttpContext context)
    {
        if (!long.TryParse((string)context.Request.RouteValues["sequence"]!, CultureInfo.InvariantCulture, out var sequence)
            || parts.Calls.FirstOrDefault(call => call.Sequence == sequence) is not { } call)
        {
            return context.WriteJsonAsync(StatusCodes.Status404NotFound, new JsonObject { ["error"] = "There is no such call." });
        }

        var json = ToJson(call);
        json["requestBody"] = call.RequestBody is { } request ? SafeText.Of(request) : null;
        json["responseBody"] = call.ResponseBody is { } response ? SafeText.Of(response) : null;
        return context.WriteJsonAsync(StatusCodes.Status200OK, json);
    }

    private static JsonObject ToJson(EmulatorCall call) => new()
    {
        ["sequence"] = call.Sequence,
        ["operation"] = call.Operation.ToString(),
        ["time"] = call.Time.ToString("O", CultureInfo.InvariantCulture),
        ["method"] = call.Method,
        ["path"] = call.Path,
        ["status"] = call.Status,
        ["requestId"] = call.RequestId,
        ["fault"] = call.Fault,
        ["milliseconds"] = call.Duration?.TotalMilliseconds,
        ["headers"] = new JsonObject(call.Headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value))),
    };

    private static JsonObject Object(byte[] body) => JsonText.Read(body) as JsonObject ?? throw new FormatException("The body must be a JSON object.");
}
