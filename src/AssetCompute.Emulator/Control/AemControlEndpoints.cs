using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>AEM control endpoints for other languages and scripts: add assets, publish them, register for events.</summary>
internal sealed class AemControlEndpoints(EmulatorAem aem, AssetComputeEmulatorOptions options)
{
    public void Map(IEndpointRouteBuilder all)
    {
        var routes = all.MapControls("/emulator/aem");
        routes.Map("GET", "/assets", _ => new JsonObject { ["assets"] = Json(aem.Assets.Select(Json)) });
        routes.Map("POST", "/assets", AddGeneratedAsync);
        routes.Map("PUT", "/assets/{**path}", PutAsync).WithMetadata(new BodyLimit(options.MaxBlobBytes));
        routes.Map("DELETE", "/assets/{**path}", context => new JsonObject { ["deleted"] = aem.Delete(PathOf(context)) });
        routes.Map("POST", "/metadata", SetMetadata);
        routes.Map("POST", "/publish", Publish);
        routes.Map("POST", "/keys/rotate", aem.Registrations.RotateKeys);
        routes.Map("GET", "/registrations", _ => new JsonObject { ["registrations"] = Json(aem.Registrations.Select(registration => registration.ToJson())) });
        routes.Map("POST", "/registrations", RegisterAsync);
        routes.Map("DELETE", "/registrations/{id}", context => new JsonObject { ["removed"] = aem.Registrations.Remove(RegistrationOf(context).Id) });
        routes.Map("POST", "/registrations/{id}/enable", EnableAsync);
        routes.Map("POST", "/registrations/{id}/disable", Disable);
    }

    private static JsonObject Json(AemAsset asset) => asset.ToJson();

    private static JsonArray Json(IEnumerable<JsonObject> items) => new([.. items]);

    private static string PathOf(HttpContext context) => "/" + context.Route("path");

    private EventRegistration RegistrationOf(HttpContext context) => aem.Registrations.Find(context.Route("id")) ?? throw new ArgumentException("There is no such registration.");

    /// <summary>Adds an asset. The body is the original, the query its metadata.</summary>
    private async Task<JsonObject> PutAsync(HttpContext context)
    {
        // A name that occurs more than once becomes a list.
        var metadata = new JsonObject(context.Request.Query.Select(pair => KeyValuePair.Create(
            pair.Key, pair.Value.Count == 1 ? JsonValue.Create(pair.Value[0]) : (JsonNode?)new JsonArray([.. pair.Value.Select(value => JsonValue.Create(value))]))));

        // The content type that curl sends by default for any body.
        var contentType = context.Request.HasFormContentType || MediaTypes.IsVague(context.Request.ContentType) ? null : context.Request.ContentType;
        return Json(await aem.AddAssetAsync(PathOf(context), context.Request.Body, contentType, metadata, context.RequestAborted).ConfigureAwait(false));
    }

    private async Task<JsonObject> AddGeneratedAsync(HttpContext context, JsonObject body)
    {
        var size = body["size"].NumberOf() ?? throw new FormatException("'size' is missing.");
        var seed = body["seed"].NumberOf() ?? 0;
        return Json(await aem.AddGeneratedAssetAsync(body.Required("path"), (long)size, (int)seed, body["contentType"].StringOf(), body["metadata"] as JsonObject, context.RequestAborted).ConfigureAwait(false));
    }

    private JsonObject SetMetadata(HttpContext context, JsonObject body) =>
        Json(aem.SetMetadata(body.Required("path"), body["metadata"] as JsonObject ?? throw new FormatException("'metadata' is missing.")));

    private JsonObject Publish(HttpContext context, JsonObject body) => new() { ["published"] = Json(aem.Publish(body["paths"] is null ? [AemPath.Root] : body.Texts("paths")).Select(Json)) };

    private async Task<JsonObject> RegisterAsync(HttpContext context, JsonObject body)
    {
        var type = EventRegistrationJson.Default.EventRegistrationSettings;
        if (body.FirstOrDefault(member => type.Properties.All(property => property.Name != member.Key)).Key is { } unknown)
        {
            throw new FormatException($"A registration has no '{unknown}'. It has {string.Join(", ", type.Properties.Select(property => property.Name))}.");
        }

        var settings = body.Deserialize(type);
        return (await aem.Registrations.AddAsync(settings, context.RequestAborted).ConfigureAwait(false)).ToJson();
    }

    private async Task<JsonObject> EnableAsync(HttpContext context)
    {
        var registration = RegistrationOf(context);
        await registration.EnableAsync(context.RequestAborted).ConfigureAwait(false);
        return registration.ToJson();
    }

    private JsonObject Disable(HttpContext context)
    {
        var registration = RegistrationOf(context);
        registration.Disable();
        return registration.ToJson();
    }
}
