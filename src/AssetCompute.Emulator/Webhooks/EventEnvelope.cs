using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>What a webhook gets around an event: whose it is, and under which id it was delivered.</summary>
internal static class EventEnvelope
{
    public static JsonObject Of(JsonObject @event, EventForm form, string eventId, string clientId)
    {
        if (form == EventForm.Xdm)
        {
            return new JsonObject { ["event_id"] = eventId, ["event"] = @event.DeepClone(), ["recipient_client_id"] = clientId };
        }

        // The spellings with underscores break the rules of CloudEvents; Adobe sends both until the end of 2026.
        var envelope = @event.DeepClone().AsObject();
        envelope["eventid"] = eventId;
        envelope["recipientclientid"] = clientId;
        envelope["event_id"] = eventId;
        envelope["recipient_client_id"] = clientId;
        return envelope;
    }
}
