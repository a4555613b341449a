using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

/// <summary>A delivery that a webhook received.</summary>
internal sealed record WebhookCall(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public int Status { get; set; }

    public JsonNode Json => JsonNode.Parse(Body)!;

    public IEnumerable<JsonObject> Events => Json is JsonArray array ? array.Select(item => item!.AsObject()) : [Json.AsObject()];

    public int RetryCount => Headers.TryGetValue("x-adobe-retry-count", out var count) ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 0;
}
