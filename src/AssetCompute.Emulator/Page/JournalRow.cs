using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>A journal entry and the job that it belongs to, if the page knows the job.</summary>
internal sealed record JournalRow(Registration Registration, JournalRecord Record, JobHistory Jobs)
{
    private readonly Lazy<JsonNode?> _event = new(() => JsonNode.Parse(Record.Event));

    public JsonNode? Event => _event.Value;

    public string Type => (Event as JsonObject)?["type"].StringOf() ?? (Event as JsonObject)?["@type"].StringOf() ?? "event";

    public string? RequestId => (Event as JsonObject)?["requestId"].StringOf();

    public Job? Job => RequestId is { } id ? Jobs.Newest.FirstOrDefault(job => job.RequestId == id) : null;

    /// <summary>The name of the rendition, or the reason why it failed.</summary>
    public string? Rendition => ((Event as JsonObject)?["rendition"] as JsonObject)?["name"].StringOf() ?? ((Event as JsonObject)?["rendition"] as JsonObject)?["fmt"].StringOf();

    public string? Reason => (Event as JsonObject)?["errorReason"].StringOf();

    public string Journal => Registration.Name ?? Registration.ClientId;

    public string Address => $"/events/{Record.Position}";

    public bool Is(ReadOnlySpan<byte> type) => Record.Event.AsSpan().IndexOf(type) >= 0;
}
