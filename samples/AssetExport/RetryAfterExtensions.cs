namespace AssetExport;

/// <summary>The header <c>Retry-After</c> of an answer, in both of its forms.</summary>
internal static class RetryAfterExtensions
{
    /// <returns>How long the server asks to wait; null where it does not say.</returns>
    public static TimeSpan? RetryAfter(this HttpResponseMessage response, TimeProvider timeProvider)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - timeProvider.GetUtcNow(),
            _ => null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
