using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>AEM control endpoints for other languages and scripts: add assets, publish them, register for events.</summary>
internal sealed class AemControlEndpoints(EmulatorAem aem, AssetComputeEmulatorOptions options)
{
    private const string Root = "/emulator/aem";
    private const string Asset = Root + "/assets/{**path}";
    private const string Registration = Root + "/registrations/{id}";

    public void Map(IEndpointRouteBuilder all)
    {
        var routes = all.MapControls();
        routes.MapGet(Root + "/assets", context => context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject { ["assets"] = Json(aem.Assets.Select(Json)) }));
        routes.MapPost(Root + "/assets", Change(AddGeneratedAsync));
        routes.MapPut(Asset, Change(PutAsync)).WithMetadata(new BodyLimit(options.MaxBlobBytes));
        routes.MapDelete(Asset, Change(AtOnce(Delete)));
        routes.MapPost(Root + "/metadata", Change(SetMetadataAsync));
        routes.MapPost(Root + "/publish", Change(PublishAsync));
        routes.MapPost(Root + "/keys/rotate", Change(AtOnce(RotateKeys)));
        routes.MapGet(Root + "/registrations", context => context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject { ["registrations"] = Json(aem.Registrations.Select(Json)) }));
        routes.MapPost(Root + "/registrations", Change(RegisterAsync));
        routes.MapDelete(Registration, Change(AtOnce(Unregister)));
        routes.MapPost(Registration + "/enable", Change(EnableAsync));
        routes.MapPost(Registration + "/disable", Change(AtOnce(Disable)));
    }

    private static JsonObject Json(AemAsset asset) => asset.ToJson();

    private static JsonObject Json(EventRegistration registration) => EventRegistrationRecord.Of(registration);

    private static JsonArray Json(IEnumerable<JsonObject> items) => new([.. items]);

    private static string PathOf(HttpContext context) => "/" + (context.Request.RouteValues["path"] as string);

    private EventRegistration RegistrationOf(HttpContext context) =>
        aem.Registrations.Find((string)context.Request.RouteValues["id"]!) ?? throw new ArgumentException("There is no such registration.");

    private static RequestDelegate Change(Func<HttpContext, Task<JsonObject>> change) =>
        context => ControlCall.AnswerAsync(context, change);

    private static Func<HttpContext, Task<JsonObject>> AtOnce(Func<HttpContext, JsonObject> change) => context => Task.FromResult(change(context));

    /// <summary>Adds an asset. The body is the original, the query its metadata.</summary>
    private async Task<JsonObject> PutAsync(HttpContext context)
    {
        // A name that occurs more than once becomes a list.
        var metadata = new JsonObject(context.Request.Query.Select(pair => KeyValuePair.Create(
            pair.Key, pair.Value.Count == 1 ? JsonValue.Create(pair.Value[0]) : (JsonNode?)new JsonArray([.. pair.Value.Select(value => JsonValue.Create(value))]))));

        // The content type that curl sends by default for any body.
        var contentType = context.Request.HasFormContentType || MediaTypes.IsVague(context.Request.ContentType) ? null : context.Request.ContentType;
        return Json(await aem.AddAssetAsync(PathOf(context), context.Request.Body, metadata, contentType, context.RequestAborted).ConfigureAwait(false));
    }

    private async Task<JsonObject> AddGeneratedAsync(HttpContext context)
    {
        var body = await BodyAsync(context).ConfigureAwait(false);
        var size = body["size"].NumberOf() ?? throw new FormatException("'size' is missing.");
        var seed = body["seed"].NumberOf() ?? 0;
        return Json(await aem.AddGeneratedAssetAsync(PathOf(body), (long)size, (int)seed, body["contentType"].StringOf(), body["metadata"] as JsonObject, context.RequestAborted).ConfigureAwait(false));
    }

    private async Task<JsonObject> SetMetadataAsync(HttpContext context)
    {
        var body = await BodyAsync(context).ConfigureAwait(false);
        return Json(aem.SetMetadata(PathOf(body), body["metadata"] as JsonObject ?? throw new FormatException("'metadata' is missing.")));
    }

    private JsonObject Delete(HttpContext context) => new() { ["deleted"] = aem.Delete(PathOf(context)) };

    private async Task<JsonObject> PublishAsync(HttpContext context)
    {
        var body = await BodyAsync(context).ConfigureAwait(false);
        var paths = body["paths"] is JsonArray array
            ? array.Select(path => path.StringOf() ?? throw new FormatException("'paths' must be an array of texts."))
            : [AemPath.Root];
        return new JsonObject { ["published"] = Json(aem.Publish(paths).Select(Json)) };
    }

    private JsonObject RotateKeys(HttpContext context)
    {
        aem.Registrations.RotateKeys();
        return [];
    }

    private async Task<JsonObject> RegisterAsync(HttpContext context) =>
        Json(await aem.Registrations.AddAsync(EventRegistrationRecord.ReadStrict(await BodyAsync(context).ConfigureAwait(false)), context.RequestAborted).ConfigureAwait(false));

    private JsonObject Unregister(HttpContext context) => new() { ["removed"] = aem.Registrations.Remove(RegistrationOf(context).Id) };

    private async Task<JsonObject> EnableAsync(HttpContext context)
    {
        var registration = RegistrationOf(context);
        await registration.EnableAsync(context.RequestAborted).ConfigureAwait(false);
        return Json(registration);
    }

    private JsonObject Disable(HttpContext context)
    {
        var registration = RegistrationOf(context);
        registration.Disable();
        return Json(registration);
    }

    private static async Task<JsonObject> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return body.Length == 0 ? [] : JsonText.Read(body.ToArray()) as JsonObject ?? throw new FormatException("The body must be a JSON object.");
    }

    private static string PathOf(JsonObject body) => body["path"].StringOf() ?? throw new FormatException("'path' is missing.");
}
