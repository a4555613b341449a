namespace AssetCompute.Client.Http;

/// <summary>A request of this SDK's own: it says itself what it is for, which is cheaper than a note among its options.</summary>
internal sealed class OperationRequest(HttpMethod method, Uri? url, HttpOperation operation) : HttpRequestMessage(method, url)
{
    public HttpOperation Operation { get; } = operation;
}
