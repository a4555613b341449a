using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The envelope of an event in a webhook delivery: its recipient and its delivery id.</summary>
internal static class EventEnvelope
{
    public static JsonObject Of(JsonObject @event, EventForm form, string eventId, string clientId)
    {
        if (form == EventForm.Xdm)
        {
            return new JsonObject { ["event_id"] = eventId, ["event"] = @event.DeepClone(), ["recipient_client_id"] = clientId };
        }

        // The member names with underscores violate the CloudEvents specification. Adobe sends both spellings until the end of 2026.
        var envelope = @event.DeepClone().AsObject();
        envelope["eventid"] = eventId;
        envelope["recipientclientid"] = clientId;
        envelope["event_id"] = eventId;
        envelope["recipient_client_id"] = clientId;
        return envelope;
    }
}
