namespace AssetCompute.Client.Webhooks;

/// <summary>What the options of a webhook must be; every message names the option and what it allows.</summary>
internal static class WebhookOptionsRules
{
    private const int LeastBody = 1024;
    private const int LargestBody = 100 * 1024 * 1024;
    private const int LargestBatch = 10_000;
    private const int MostConcurrent = 100_000;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestKeyLifetime = TimeSpan.FromHours(24);

    public static IReadOnlyList<string> Check(WebhookOptions options)
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            errors.Add($"{nameof(options.ClientId)} is missing: set it to the client id of the project in which the events are registered.");
        }

        RequireOrigin(errors, options.PublicKeyEndpoint, nameof(options.PublicKeyEndpoint));
        RequireOrigin(errors, options.ValidationEndpoint, nameof(options.ValidationEndpoint));
        RequireRange(errors, options.MaxBodyBytes, LeastBody, LargestBody, nameof(options.MaxBodyBytes));
        RequireRange(errors, options.MaxBatchSize, 1, LargestBatch, nameof(options.MaxBatchSize));
        RequireRange(errors, options.MaxConcurrentDeliveries, 1, MostConcurrent, nameof(options.MaxConcurrentDeliveries));
        RequireRange(errors, options.AnswerTimeout, LongestAnswer, nameof(options.AnswerTimeout));
        RequireRange(errors, options.KeyLifetime, LongestKeyLifetime, nameof(options.KeyLifetime));
        return errors;
    }

    private static void RequireOrigin(List<string> errors, Uri? endpoint, string option)
    {
        if (endpoint is not { IsAbsoluteUri: true } || !SecureUrl.IsValid(endpoint))
        {
            errors.Add($"{option} must be an absolute https URL; http is allowed to a loopback address only. It is '{RedactedUrl.Of(endpoint)}'.");
        }
        else if (endpoint.PathAndQuery != "/" || endpoint.Fragment.Length > 0 || endpoint.UserInfo.Length > 0)
        {
            errors.Add($"{option} must have no path, no query string, no fragment and no user name.");
        }
    }

    private static void RequireRange(List<string> errors, int value, int least, int most, string option)
    {
        if (value < least || value > most)
        {
            errors.Add(FormattableString.Invariant($"{option} must be {least:N0} to {most:N0}; it is {value:N0}."));
        }
    }

    private static void RequireRange(List<string> errors, TimeSpan value, TimeSpan most, string option)
    {
        if (value <= TimeSpan.Zero || value > most)
        {
            errors.Add($"{option} must be over zero, up to {most}; it is {value}.");
        }
    }
}
