using System.Collections.Concurrent;
using System.Net;
using System.Text;
using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

/// <summary>A key host with responses that a test sets for each path. It records the requests.</summary>
internal sealed class ScriptedKeyHost : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();

    public ConcurrentQueue<string> Asked { get; } = new();

    public void Serve(WebhookSigner signer) => Answer(signer.KeyPath, HttpStatusCode.OK, signer.PublicKeyPem);

    public void Answer(string path, HttpStatusCode status, string body = "", string? location = null) => Answer(path, _ =>
    {
        HttpResponseMessage response = new(status) { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
        response.Headers.Location = location is null ? null : new Uri(location);
        return Task.FromResult(response);
    });

    public void Answer(string path, Func<CancellationToken, Task<HttpResponseMessage>> answer) => _answers[path] = answer;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Enqueue(request.RequestUri!.AbsoluteUri);
        HttpResponseMessage response = _answers.TryGetValue(request.RequestUri.AbsolutePath, out Func<CancellationToken, Task<HttpResponseMessage>>? answer)
            ? await answer(cancellationToken)
            : new HttpResponseMessage(HttpStatusCode.NotFound);
        response.RequestMessage ??= request;
        return response;
    }
}
