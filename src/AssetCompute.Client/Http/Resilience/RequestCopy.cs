namespace AssetCompute.Client.Http.Resilience;

/// <summary>
/// The message of one attempt: what handlers further in add to it, or do to its body, must not carry over from one attempt to the next.
/// </summary>
internal static class RequestCopy
{
    public static HttpRequestMessage ForAttempt(HttpRequestMessage request) =>
        request is OperationRequest own ? own.ForAttempt() : Of(request);

    private static HttpRequestMessage Of(HttpRequestMessage request)
    {
        HttpRequestMessage copy = new(request.Method, request.RequestUri)
        {
            Content = request.Content,
            Version = request.Version,
        };
#if NETSTANDARD2_0
        foreach (KeyValuePair<string, object> property in request.Properties)
        {
            copy.Properties.Add(property);
        }
#else
        copy.VersionPolicy = request.VersionPolicy;
        foreach (KeyValuePair<string, object?> option in request.Options)
        {
            ((IDictionary<string, object?>)copy.Options).Add(option);
        }
#endif
        foreach (KeyValuePair<string, IEnumerable<string>> header in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return copy;
    }
}
