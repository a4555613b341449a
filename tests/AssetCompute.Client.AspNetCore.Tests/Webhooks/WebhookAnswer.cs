namespace AssetCompute.Client.Tests.Webhooks;

internal sealed record WebhookAnswer(int StatusCode, string Body, TimeSpan? RetryAfter);
