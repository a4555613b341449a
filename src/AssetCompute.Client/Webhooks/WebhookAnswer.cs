namespace AssetCompute.Client.Webhooks;

/// <summary>What to answer to a request of Adobe I/O Events.</summary>
/// <param name="StatusCode">The status.</param>
/// <param name="Body">The body, as <c>text/plain</c>; to be sent with <c>x-content-type-options: nosniff</c>, since a challenge is repeated in it.</param>
/// <param name="RetryAfter">The <c>retry-after</c> header, in whole seconds; null where there is none.</param>
public sealed record WebhookAnswer(int StatusCode, string Body, TimeSpan? RetryAfter = null);
