using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>An unfinished job in the state.</summary>
internal sealed record AcceptedJob(string ClientId, string RequestId, DateTimeOffset AcceptedAt, JsonObject Request);
