#if NETSTANDARD2_0
using HeaderValues = System.Collections.Generic.IEnumerable<string>;
#else
using HeaderValues = System.Net.Http.Headers.HeaderStringValues;
#endif

namespace AssetCompute.Client.Http;

/// <summary>
/// A request of this SDK's own. It says itself what it is for, which is cheaper than a note among its options, and it is its own first attempt: what later ones
/// need is put aside before that leaves.
/// </summary>
internal sealed class OperationRequest : HttpRequestMessage
{
    private readonly HttpMethod _method;
    private readonly Uri _url;
    private readonly ReusableContent? _body;
    private KeyValuePair<string, HeaderValues>[]? _headers;

    public OperationRequest(HttpMethod method, Uri url, HttpOperation operation, ReusableContent? body = null)
        : base(method, url)
    {
        _method = method;
        _url = url;
        _body = body;
        Operation = operation;
        Content = body;
    }

    public HttpOperation Operation { get; }

    /// <summary>The message of the next attempt, as if there had been none before: this one for the first, and a new one for each that follows.</summary>
    public OperationRequest ForAttempt()
    {
        if (_headers is null)
        {
            _headers = HeadersNow();
            return this;
        }

        OperationRequest next = new(_method, _url, Operation, _body?.Copy());
        foreach (KeyValuePair<string, HeaderValues> header in _headers)
        {
            next.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return next;
    }

    private KeyValuePair<string, HeaderValues>[] HeadersNow()
    {
#if NETSTANDARD2_0
        return [.. Headers];
#else
        System.Net.Http.Headers.HttpHeadersNonValidated headers = Headers.NonValidated;
        KeyValuePair<string, HeaderValues>[] now = new KeyValuePair<string, HeaderValues>[headers.Count];
        int index = 0;
        foreach (KeyValuePair<string, HeaderValues> header in headers)
        {
            now[index++] = header;
        }

        return now;
#endif
    }
}
