namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>How long a handler takes at most.</summary>
internal sealed record HandlerTime(int MostMilliseconds);
