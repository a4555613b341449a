using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>A job that is not finished, as the state keeps it.</summary>
internal sealed record AcceptedJob(string ClientId, string RequestId, DateTimeOffset AcceptedAt, JsonObject Request);
