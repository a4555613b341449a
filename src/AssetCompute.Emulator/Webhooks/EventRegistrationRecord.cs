using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>A registration as JSON, for the state log and for the requests and responses of the control endpoints.</summary>
internal static class EventRegistrationRecord
{
    private static readonly string[] Settings = ["name", "clientId", "webhookUrl", "batch", "form", "events"];

    public static JsonObject Of(EventRegistration registration) => new()
    {
        ["id"] = registration.Id,
        ["name"] = registration.Name,
        ["clientId"] = registration.ClientId,
        ["organizationId"] = registration.OrganizationId,
        ["journalId"] = registration.JournalId.ToString("D"),
        ["journalUrl"] = registration.JournalUrl.AbsoluteUri,
        ["registeredAt"] = registration.RegisteredAt.ToString("O", CultureInfo.InvariantCulture),
        ["webhookUrl"] = registration.WebhookUrl?.AbsoluteUri,
        ["batch"] = registration.IsBatch,
        ["form"] = registration.Form.ToString(),
        ["events"] = new JsonArray([.. registration.Events.Select(kind => JsonValue.Create(kind.ToString()))]),
        ["status"] = registration.Status.ToString(),
        ["statusReason"] = registration.StatusReason,
        ["journalCount"] = registration.JournalCount,
        ["pendingEvents"] = registration.PendingEvents,
    };

    /// <summary>Reads the settings from a request. An unknown member is an error.</summary>
    /// <exception cref="FormatException">The JSON is not valid. The message contains the location.</exception>
    public static EventRegistrationSettings ReadStrict(JsonObject json) => json.FirstOrDefault(member => !Settings.Contains(member.Key, StringComparer.Ordinal)).Key is { } unknown
        ? throw new FormatException($"'{unknown}' is not known.")
        : Read(json);

    /// <exception cref="FormatException">The JSON is not valid. The message contains the location.</exception>
    public static EventRegistrationSettings Read(JsonObject json)
    {
        var defaults = new EventRegistrationSettings();
        return new()
        {
            Name = json["name"].StringOf() ?? defaults.Name,
            ClientId = json["clientId"].StringOf(),
            WebhookUrl = json["webhookUrl"].StringOf() is not { } url ? null
                : Uri.TryCreate(url, UriKind.Absolute, out var webhook) ? webhook : throw new FormatException("'webhookUrl' is not an absolute URL."),
            Batch = json["batch"]?.GetValueKind() == JsonValueKind.True,
            Form = json["form"].StringOf() is { } form ? NameConverter<EventForm>.Parse(form) : defaults.Form,
            Events = json["events"] is JsonArray events ? [.. events.Select(kind => NameConverter<AemEventKind>.Parse(kind.StringOf() ?? ""))] : defaults.Events,
        };
    }

    public static Guid JournalIdOf(JsonObject record) => Guid.Parse(record["journalId"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    public static bool IsEnabled(JsonObject record) =>
        record["status"].StringOf() is nameof(EventRegistrationStatus.Active) or nameof(EventRegistrationStatus.Unstable);
}
