namespace AssetCompute.Client.Http.Resilience;

/// <summary>
/// Copies a request for one attempt: what handlers further in add to it, or do to its body, must not carry over from one attempt to the next.
/// </summary>
internal static class RequestCopy
{
    public static HttpRequestMessage Of(HttpRequestMessage request)
    {
        HttpRequestMessage copy = request is OperationRequest own
            ? new OperationRequest(request.Method, request.RequestUri, own.Operation)
            : new HttpRequestMessage(request.Method, request.RequestUri);
        copy.Content = request.Content is ReusableContent content ? content.ForAttempt() : request.Content;
        copy.Version = request.Version;
#if NETSTANDARD2_0
        foreach (KeyValuePair<string, object> property in request.Properties)
        {
            copy.Properties.Add(property);
        }

        foreach (KeyValuePair<string, IEnumerable<string>> header in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
#else
        copy.VersionPolicy = request.VersionPolicy;
        if (request is not OperationRequest || ((IDictionary<string, object?>)request.Options).Count > 0)
        {
            foreach (KeyValuePair<string, object?> option in request.Options)
            {
                ((IDictionary<string, object?>)copy.Options).Add(option);
            }
        }

        foreach (KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header in request.Headers.NonValidated)
        {
            if (header.Value.Count == 1)
            {
                // A single text stays one; a list would be kept as a list.
                copy.Headers.TryAddWithoutValidation(header.Key, header.Value.ToString());
            }
            else
            {
                copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }
#endif
        return copy;
    }
}
