using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The part of Adobe I/O Events with which an application declares its own events, registers for them and publishes them. Providers are kept in memory.</summary>
internal sealed class EventManagement(Gateway gateway, EmulatorEventRegistrations registrations)
{
    private const string Workspace = "/events/{organization}/{project}/{workspace}";
    private const string Provider = Workspace + "/providers/{provider}";
    private const string Registration = Workspace + "/registrations/{registration}";

    private readonly ConcurrentDictionary<string, JsonObject> _providers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonObject> _metadata = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonObject> _registrations = new(StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        void Map(string method, string pattern, Func<HttpContext, EmulatorClient, Task> answer) => routes
            .MapMethods(pattern, [method], gateway.Admit(Gateway.JournalOrganizationHeaders, answer))
            .WithMetadata(new OperationMetadata(EmulatorOperation.Events), ErrorForm.Member("message"));
        void Get(string pattern, Func<HttpContext, JsonObject?> find) => Map("GET", pattern, (context, _) =>
            context.WriteJsonAsync(StatusCodes.Status200OK, find(context) ?? throw NotFound()));
        void Create(string pattern, Func<HttpContext, EmulatorClient, Task<JsonObject>> create) => Map("POST", pattern, async (context, client) =>
            await context.WriteJsonAsync(StatusCodes.Status201Created, await create(context, client).ConfigureAwait(false)).ConfigureAwait(false));
        void Delete(string pattern, Func<HttpContext, bool> remove) => Map("DELETE", pattern, (context, _) =>
            remove(context) ? TypedResults.NoContent().ExecuteAsync(context) : throw NotFound());

        Create(Workspace + "/providers", CreateProviderAsync);
        Get("/events/{organization}/providers", _ => List("providers", _providers.Values));
        Get("/events/providers/{provider}", context => _providers.GetValueOrDefault(context.Route("provider")));
        Delete(Provider, context => _providers.TryRemove(context.Route("provider"), out _));
        Create(Provider + "/eventmetadata", CreateMetadataAsync);
        Get("/events/providers/{provider}/eventmetadata", context => List("eventmetadata", MetadataOf(context).Select(pair => pair.Value)));
        Delete(Provider + "/eventmetadata", context => MetadataOf(context).Count(pair => _metadata.TryRemove(pair)) >= 0);
        Delete(Provider + "/eventmetadata/{code}", context => _metadata.TryRemove(KeyOf(context.Route("provider"), context.Route("code")), out _));
        Create(Workspace + "/registrations", RegisterAsync);
        Get(Workspace + "/registrations", _ => List("registrations", registrations.Select(Json)));
        Get(Registration, context => registrations.Find(context.Route("registration")) is { } found ? Json(found) : null);
        Delete(Registration, context => registrations.Remove(context.Route("registration")));
        Map("POST", "/events", PublishAsync);
    }

    private static Refusal NotFound() => new(StatusCodes.Status404NotFound, "There is no such resource.");

    private static JsonObject List(string name, IEnumerable<JsonObject> items) =>
        new() { ["_embedded"] = new JsonObject { [name] = new JsonArray([.. items.Select(item => item.DeepClone())]) } };

    private async Task<JsonObject> CreateProviderAsync(HttpContext context, EmulatorClient client)
    {
        var provider = await context.Request.ReadObjectAsync().ConfigureAwait(false);
        provider.Required("label");
        provider["id"] = Guid.NewGuid().ToString("D");
        provider["publisher"] = client.OrganizationId;
        return _providers[provider.Required("id")] = provider;
    }

    private async Task<JsonObject> CreateMetadataAsync(HttpContext context, EmulatorClient client)
    {
        var (provider, metadata) = (context.Route("provider"), await context.Request.ReadObjectAsync().ConfigureAwait(false));
        return _providers.ContainsKey(provider) ? _metadata[KeyOf(provider, metadata.Required("event_code"))] = metadata : throw NotFound();
    }

    private static string KeyOf(string provider, string code) => $"{provider}/{code}";

    private IEnumerable<KeyValuePair<string, JsonObject>> MetadataOf(HttpContext context) =>
        _metadata.Where(pair => pair.Key.StartsWith(KeyOf(context.Route("provider"), ""), StringComparison.Ordinal));

    private async Task<JsonObject> RegisterAsync(HttpContext context, EmulatorClient client)
    {
        var body = await context.Request.ReadObjectAsync().ConfigureAwait(false);
        var webhook = body["webhook_url"].StringOf();
        var registration = await registrations.AddAsync(
            new()
            {
                Name = body.Required("name"),
                ClientId = body["client_id"].StringOf() ?? client.ClientId,
                Batch = body["delivery_type"].StringOf() == "webhook_batch",
                WebhookUrl = webhook is null ? null : new Uri(webhook, UriKind.RelativeOrAbsolute),
                Events = [],
                HasOwnEvents = true,
            },
            context.RequestAborted).ConfigureAwait(false);
        _registrations[registration.Id] = body;
        return Json(registration);
    }

    private JsonObject Json(EventRegistration registration)
    {
        var isEnabled = registration.IsEnabled;
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
    private async Task PublishAsync(HttpContext context, EmulatorClient client)
    {
        var @event = await context.Request.ReadObjectAsync().ConfigureAwait(false);
        var (type, source) = (@event.Required("type"), @event.Required("source"));
        var meant = registrations.Where(registration => _registrations.GetValueOrDefault(registration.Id)?["events_of_interest"] is JsonArray wanted
            && wanted.OfType<JsonObject>().Any(one => one["event_code"].StringOf() == type && source == $"urn:uuid:{one["provider_id"].StringOf()}")).ToList();
        foreach (var registration in meant)
        {
            registration.Deliver(@event, type);
        }

        await (meant.Count > 0 ? context.WriteTextAsync(StatusCodes.Status200OK, "OK") : TypedResults.NoContent().ExecuteAsync(context)).ConfigureAwait(false);
    }
}
