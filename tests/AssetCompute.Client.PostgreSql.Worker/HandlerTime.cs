namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>The maximum time that a handler takes.</summary>
internal sealed record HandlerTime(int MostMilliseconds);
