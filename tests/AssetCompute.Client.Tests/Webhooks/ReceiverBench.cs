using System.Text;
using AssetCompute.Client.Tests.Time;
using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

/// <summary>A receiver for the client id <c>me</c>, with a key host and a clock that the test moves.</summary>
internal sealed class ReceiverBench : IAsyncDisposable
{
    /// <summary>As AEM as a Cloud Service sends it.</summary>
    public const string Published = """
        {"specversion":"1.0","id":"e-1","source":"acct:aem-p1-e2@adobe.com","type":"aem.assets.asset.published","time":"2026-11-22T10:11:12Z","eventid":"x-1","recipientclientid":"me",
         "data":{"assetId":"urn:aaid:aem:1","repositoryMetadata":{"repo:path":"/content/dam/a.jpg"}}}
        """;

    // Making a key pair takes longer than any of the tests.
    private static readonly WebhookSigner s_signer = new();

    private readonly HttpClient _http;

    public ReceiverBench(Action<WebhookOptions>? configure = null)
    {
        WebhookOptions options = new() { ClientId = "me" };
        configure?.Invoke(options);
        _http = new HttpClient(Host) { Timeout = Timeout.InfiniteTimeSpan };
        Receiver = new WebhookReceiver(options, _http, logger: null, Clock);
        Host.Serve(Signer);
    }

    public FakeTimeProvider Clock { get; } = new();

    public ScriptedKeyHost Host { get; } = new();

    public WebhookSigner Signer { get; } = s_signer;

    public WebhookReceiver Receiver { get; }

    public RecordingHandler Handler { get; } = new();

    public Task<WebhookAnswer> DeliverAsync(string body, WebhookSignatures? signatures = null, CancellationToken cancellationToken = default)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        return Receiver.ReceiveAsync(new MemoryStream(bytes), signatures ?? Signer.Sign(bytes), Handler, cancellationToken).InTimeAsync("the delivery is answered");
    }

    public async Task<WebhookRefusal?> VerifyAsync(string body, WebhookSignatures? signatures = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        try
        {
            Assert.NotEmpty(await Receiver.VerifyAsync(bytes, signatures ?? Signer.Sign(bytes), TestContext.Current.CancellationToken).InTimeAsync("the signatures are accepted or refused"));
            return null;
        }
        catch (WebhookException exception)
        {
            return exception.Refusal;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        _http.Dispose();
    }
}
