using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The in-process C# API over HTTP for other languages: faults, tokens, calls, signed URLs, joining and removing blobs, events of other services.</summary>
internal sealed class ControlEndpoints(EmulatorParts parts)
{
    public void Map(IEndpointRouteBuilder all)
    {
        var routes = all.MapControls("/emulator");
        routes.Map("GET", "/faults", _ => Faults());
        routes.Map("POST", "/faults", AddFaultsAsync);
        routes.Map("DELETE", "/faults", _ =>
        {
            parts.Faults.Clear();
            return Faults();
        });
        routes.Map("POST", "/tokens/revoke", parts.Faults.RevokeTokens);
        routes.Map("GET", "/calls", Calls);
        routes.Map("GET", "/calls/{sequence}", Call);
        routes.Map("DELETE", "/calls", parts.Calls.Clear);
        routes.Map("POST", "/urls", SignUrl);
        routes.Map("POST", "/blobs/join", JoinAsync);
        routes.Map("POST", "/blobs/delete", (_, body) => new JsonObject { ["deleted"] = body.Texts("names").Count(parts.Storage.Remove) });
        routes.Map("POST", "/events", Publish);
    }

    private async Task<JsonObject> AddFaultsAsync(HttpContext context)
    {
        var script = FaultScript.Parse(await context.Request.ReadBytesAsync().ConfigureAwait(false));
        if (script.Clients.Count > 0)
        {
            throw new FormatException("Clients can only be given when the emulator starts.");
        }

        script.ApplyTo(parts.Faults);
        return Faults();
    }

    private JsonObject Faults() => new() { ["faults"] = new JsonArray([.. parts.Faults.Describe().Select(fault => JsonValue.Create(fault))]) };

    private JsonObject SignUrl(HttpContext context, JsonObject body)
    {
        var permission = body["permission"].StringOf() switch
        {
            "read" => UrlSigner.Read,
            "write" => UrlSigner.Write,
            _ => throw new FormatException("'permission' is neither \"read\" nor \"write\"."),
        };
        var lifetime = FaultScript.Seconds(body["lifetimeSeconds"].NumberOf());
        return new JsonObject { ["url"] = parts.Storage.CreateUrl(body.Required("name"), permission, lifetime, context.Request.Origin()).AbsoluteUri };
    }

    private async Task<JsonObject> JoinAsync(HttpContext context, JsonObject body) => new()
    {
        ["size"] = await parts.Storage.JoinAsync(body.Required("name"), body.Texts("parts"), body["contentType"].StringOf(), context.RequestAborted).ConfigureAwait(false),
    };

    private JsonObject Publish(HttpContext context, JsonObject body)
    {
        parts.Publish(body["event"] ?? throw new FormatException("'event' is missing."), body["clientId"].StringOf());
        return [];
    }

    private JsonObject Calls(HttpContext context)
    {
        EmulatorOperation? operation = context.Request.Query["operation"].ToString() is { Length: > 0 } name ? NameConverter<EmulatorOperation>.Parse(name) : null;
        return new JsonObject { ["calls"] = new JsonArray([.. parts.Calls.Where(call => operation is null || call.Operation == operation).Select(ToJson)]) };
    }

    /// <summary>Returns a call with both bodies, if they were kept.</summary>
    private JsonObject Call(HttpContext context)
    {
        var sequence = context.Route("sequence");
        var call = parts.Calls.FirstOrDefault(call => call.Sequence.ToString(CultureInfo.InvariantCulture) == sequence) ?? throw new Refusal(StatusCodes.Status404NotFound, "There is no such call.");
        var json = ToJson(call);
        json["requestBody"] = call.RequestBody is { } request ? SafeText.Of(request) : null;
        json["responseBody"] = call.ResponseBody is { } response ? SafeText.Of(response) : null;
        return json;
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
}
