using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The lines of the state's log: one JSON object each, told apart by their member <c>kind</c>.</summary>
internal static class StateRecord
{
    public const string Registered = "registered";
    public const string Unregistered = "unregistered";
    public const string Published = "published";
    public const string Accepted = "accepted";
    public const string Finished = "finished";
    public const string Subscribed = "subscribed";
    public const string Unsubscribed = "unsubscribed";
    public const string AssetSaved = "assetSaved";
    public const string AssetDeleted = "assetDeleted";
    public const string TokensRevoked = "tokensRevoked";

    public static byte[] Of(Registration registration, string kind) => JsonText.ToBytes(new JsonObject
    {
        ["kind"] = kind,
        ["clientId"] = registration.ClientId,
        ["organizationId"] = registration.OrganizationId,
        ["journalId"] = registration.JournalId.ToString("D"),
        ["registeredAt"] = Text(registration.RegisteredAt),
    });

    public static byte[] Of(Registration registration, JournalRecord record)
    {
        using var buffer = new MemoryStream(record.Event.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, Published);
            writer.WriteString("journalId"u8, registration.JournalId);
            writer.WriteNumber("sequence"u8, record.Sequence);
            writer.WriteString("time"u8, Text(record.Time));
            writer.WritePropertyName("event"u8);
            writer.WriteRawValue(record.Event);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    public static byte[] OfAccepted(Job job) => JsonText.ToBytes(new JsonObject
    {
        ["kind"] = Accepted,
        ["job"] = job.Id.ToString("D"),
        ["clientId"] = job.ClientId,
        ["requestId"] = job.RequestId,
        ["acceptedAt"] = Text(job.AcceptedAt),
        ["request"] = job.Request.DeepClone(),
    });

    public static byte[] OfFinished(Job job) => JsonText.ToBytes(new JsonObject { ["kind"] = Finished, ["job"] = job.Id.ToString("D") });

    /// <summary>A record that is made elsewhere.</summary>
    public static byte[] Of(string kind, JsonObject value) => JsonText.ToBytes(new JsonObject { ["kind"] = kind, ["value"] = value.DeepClone() });

    public static byte[] OfUnsubscribed(Guid journalId) => JsonText.ToBytes(new JsonObject { ["kind"] = Unsubscribed, ["journalId"] = journalId.ToString("D") });

    public static byte[] OfAssetDeleted(string path) => JsonText.ToBytes(new JsonObject { ["kind"] = AssetDeleted, ["path"] = path });

    public static byte[] Of(TokenRevocation revocation) => JsonText.ToBytes(new JsonObject
    {
        ["kind"] = TokensRevoked,
        ["run"] = revocation.Run,
        ["serial"] = revocation.Serial,
        ["time"] = Text(revocation.Time),
    });

    public static TokenRevocation ReadRevocation(JsonElement record) => new(
        record.GetProperty("run").GetString()!,
        record.GetProperty("serial").GetInt64(),
        Time(record.GetProperty("time")));

    public static JsonObject ReadValue(JsonElement record) => JsonNode.Parse(record.GetProperty("value").GetRawText())!.AsObject();

    public static Registration ReadRegistration(JsonElement record) => new(
        record.GetProperty("clientId").GetString()!,
        record.GetProperty("organizationId").GetString()!,
        record.GetProperty("journalId").GetGuid(),
        Time(record.GetProperty("registeredAt")))
    {
        Name = record.TryGetProperty("name", out var name) ? name.GetString() : null,
    };

    public static Job ReadJob(JsonElement record) => new(
        record.GetProperty("clientId").GetString()!,
        record.GetProperty("requestId").GetString()!,
        JsonNode.Parse(record.GetProperty("request").GetRawText())!.AsObject(),
        Time(record.GetProperty("acceptedAt")))
    {
        Id = record.GetProperty("job").GetGuid(),
        RequestBytes = record.GetProperty("request").GetRawText().Length,
    };

    public static (Guid JournalId, long Sequence, DateTimeOffset Time, byte[] Event) ReadPublished(JsonElement record) => (
        record.GetProperty("journalId").GetGuid(),
        record.GetProperty("sequence").GetInt64(),
        Time(record.GetProperty("time")),
        Encoding.UTF8.GetBytes(record.GetProperty("event").GetRawText()));

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(JsonElement element) => DateTimeOffset.ParseExact(element.GetString()!, "O", CultureInfo.InvariantCulture);
}
