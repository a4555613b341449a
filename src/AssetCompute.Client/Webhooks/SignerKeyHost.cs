using System.Net;
using System.Text;

namespace AssetCompute.Client.Webhooks;

/// <summary>A key host without a network, for tests.</summary>
internal sealed class SignerKeyHost(IReadOnlyDictionary<string, string> keys) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool found = keys.TryGetValue(request.RequestUri?.AbsolutePath ?? "", out string? pem);
        return Task.FromResult(new HttpResponseMessage(found ? HttpStatusCode.OK : HttpStatusCode.NotFound)
        {
            Content = new StringContent(pem ?? "", Encoding.UTF8, "text/plain"),
            RequestMessage = request,
        });
    }
}
