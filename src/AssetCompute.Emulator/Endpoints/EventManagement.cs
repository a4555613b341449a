using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>
/// The management API of Adobe I/O Events and its ingress for CloudEvents, limited to what an application needs to declare its own events, register for
/// them and publish them. Providers are kept in memory. Registrations are those of <see cref="EmulatorEventRegistrations"/>.
/// </summary>
internal sealed class EventManagement(Gateway gateway, EmulatorEventRegistrations registrations)
{
    private const string Workspace = "/events/{organization}/{project}/{workspace}";
    private const string Provider = Workspace + "/providers/{provider}";
    private const string Registration = Workspace + "/registrations/{registration}";

    private readonly ConcurrentDictionary<string, JsonObject> _providers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Provider, string Code), JsonObject> _metadata = [];
    private readonly ConcurrentDictionary<string, JsonObject> _registrations = new(StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        void Map(string method, string pattern, Func<HttpContext, EmulatorClient, Task<IResult>> answer) => routes
            .MapMethods(pattern, [method], gateway.Admit(
                Gateway.JournalOrganizationHeaders, async (context, client) => await (await answer(context, client).ConfigureAwait(false)).ExecuteAsync(context).ConfigureAwait(false)))
            .WithMetadata(new OperationMetadata(EmulatorOperation.Events), ErrorForm.Member("message"));

        Map("POST", Workspace + "/providers", CreateProviderAsync);
        Map("GET", "/events/{organization}/providers", (_, _) => Ok(List("providers", _providers.Values)));
        Map("GET", "/events/providers/{provider}", (context, _) => Found(_providers.GetValueOrDefault(Of(context, "provider"))));
        Map("DELETE", Provider, (context, _) => Removed(_providers.TryRemove(Of(context, "provider"), out var _)));
        Map("POST", Provider + "/eventmetadata", CreateMetadataAsync);
        Map("GET", "/events/providers/{provider}/eventmetadata", (context, _) => Ok(List("eventmetadata", MetadataOf(context).Select(pair => pair.Value))));
        Map("DELETE", Provider + "/eventmetadata", (context, _) => Removed(MetadataOf(context).Count(pair => _metadata.TryRemove(pair)) >= 0));
        Map("DELETE", Provider + "/eventmetadata/{code}", (context, _) => Removed(_metadata.TryRemove((Of(context, "provider"), Of(context, "code")), out var _)));
        Map("POST", Workspace + "/registrations", RegisterAsync);
        Map("GET", Workspace + "/registrations", (_, _) => Ok(List("registrations", registrations.Select(Json))));
        Map("GET", Registration, (context, _) => Found(registrations.Find(Of(context, "registration")) is { } found ? Json(found) : null));
        Map("DELETE", Registration, (context, _) => Removed(registrations.Remove(Of(context, "registration"))));
        Map("POST", "/events", PublishAsync);
    }

    private static string Of(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    private static Task<IResult> Ok(JsonObject answer) => Task.FromResult<IResult>(new JsonResult(StatusCodes.Status200OK, answer));

    private static Task<IResult> Found(JsonObject? found) =>
        Task.FromResult<IResult>(found is null ? TypedResults.NotFound() : new JsonResult(StatusCodes.Status200OK, found.DeepClone().AsObject()));

    private static Task<IResult> Removed(bool isRemoved) => Task.FromResult<IResult>(isRemoved ? TypedResults.NoContent() : TypedResults.NotFound());

    private static JsonObject List(string name, IEnumerable<JsonObject> items) =>
        new() { ["_embedded"] = new JsonObject { [name] = new JsonArray([.. items.Select(item => item.DeepClone())]) } };

    private static async Task<JsonObject> BodyAsync(HttpContext context) =>
        await JsonText.ReadAsync(context.Request.Body, context.RequestAborted).ConfigureAwait(false) as JsonObject ?? throw new FormatException("The body must be a JSON object.");

    private static string Required(JsonObject body, string name) => body[name].StringOf() ?? throw new FormatException($"'{name}' is missing.");

    private async Task<IResult> CreateProviderAsync(HttpContext context, EmulatorClient client)
    {
        var provider = await BodyAsync(context).ConfigureAwait(false);
        Required(provider, "label");
        provider["id"] = Guid.NewGuid().ToString("D");
        provider["publisher"] = client.OrganizationId;
        _providers[provider["id"]!.GetValue<string>()] = provider;
        return new JsonResult(StatusCodes.Status201Created, provider);
    }

    private async Task<IResult> CreateMetadataAsync(HttpContext context, EmulatorClient client)
    {
        var (provider, metadata) = (Of(context, "provider"), await BodyAsync(context).ConfigureAwait(false));
        if (!_providers.ContainsKey(provider))
        {
            return TypedResults.NotFound();
        }

        _metadata[(provider, Required(metadata, "event_code"))] = metadata;
        return new JsonResult(StatusCodes.Status201Created, metadata);
    }

    private IEnumerable<KeyValuePair<(string Provider, string Code), JsonObject>> MetadataOf(HttpContext context) =>
        _metadata.Where(pair => pair.Key.Provider == Of(context, "provider"));

    private async Task<IResult> RegisterAsync(HttpContext context, EmulatorClient client)
    {
        var body = await BodyAsync(context).ConfigureAwait(false);
        var webhook = body["webhook_url"].StringOf();
        var registration = await registrations.AddAsync(
            new()
            {
                Name = Required(body, "name"),
                ClientId = body["client_id"].StringOf() ?? client.ClientId,
                Batch = body["delivery_type"].StringOf() == "webhook_batch",
                WebhookUrl = webhook is null ? null : new Uri(webhook, UriKind.RelativeOrAbsolute),
                Events = [],
                HasOwnEvents = true,
            },
            context.RequestAborted).ConfigureAwait(false);
        _registrations[registration.Id] = body;
        return new JsonResult(StatusCodes.Status201Created, Json(registration));
    }

    private JsonObject Json(EventRegistration registration)
    {
        var isEnabled = registration.Status is EventRegistrationStatus.Active or EventRegistrationStatus.Unstable;
        var json = _registrations.GetValueOrDefault(registration.Id)?.DeepClone().AsObject() ?? [];
        json["id"] = registration.Id;
        json["registration_id"] = registration.Id;
        json["name"] = registration.Name;
        json["client_id"] = registration.ClientId;
        json["status"] = registration.Status == EventRegistrationStatus.Active ? "VERIFIED" : registration.Status.ToString().ToUpperInvariant();
        json["webhook_status"] = isEnabled ? "verified" : "hook_unreachable";
        json["enabled"] = isEnabled;
        json["_links"] = new JsonObject { ["rel:events"] = new JsonObject { ["href"] = registration.JournalUrl.AbsoluteUri } };
        return json;
    }

    /// <summary>Publishes an event. Adobe returns 204 if nobody is registered.</summary>
    private async Task<IResult> PublishAsync(HttpContext context, EmulatorClient client)
    {
        var @event = await BodyAsync(context).ConfigureAwait(false);
        var (type, source) = (Required(@event, "type"), Required(@event, "source"));
        var meant = registrations.Where(registration => _registrations.GetValueOrDefault(registration.Id)?["events_of_interest"] is JsonArray wanted
            && wanted.OfType<JsonObject>().Any(one => one["event_code"].StringOf() == type && source == $"urn:uuid:{one["provider_id"].StringOf()}")).ToList();
        foreach (var registration in meant)
        {
            registration.Deliver(@event, type);
        }

        return meant.Count > 0 ? TypedResults.Text("OK") : TypedResults.NoContent();
    }

    private sealed class JsonResult(int status, JsonObject body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => httpContext.WriteJsonAsync(status, body);
    }
}
