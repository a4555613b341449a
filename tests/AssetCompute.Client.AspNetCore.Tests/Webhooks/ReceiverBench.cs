using System.Globalization;
using System.Text;
using AssetCompute.Client.Tests.Inbox;
using AssetCompute.Client.Tests.Time;
using AssetCompute.Client.Webhooks;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Client.Tests.Webhooks;

/// <summary>A receiver for the client id <c>me</c>, with a key host and a clock that the test controls.</summary>
internal sealed class ReceiverBench : IAsyncDisposable
{
    /// <summary>An event as AEM as a Cloud Service sends it.</summary>
    public const string Published = """
        {"specversion":"1.0","id":"e-1","source":"acct:aem-p1-e2@adobe.com","type":"aem.assets.asset.published","time":"2026-11-22T10:11:12Z","eventid":"x-1","recipientclientid":"me",
         "data":{"assetId":"urn:aaid:aem:1","repositoryMetadata":{"repo:path":"/content/dam/a.jpg"}}}
        """;

    // All tests share this signer, because generating a key pair takes longer than any of them.
    private static readonly WebhookSigner s_signer = new();

    private readonly HttpClient _http;

    public ReceiverBench(Action<WebhookOptions>? configure = null)
    {
        WebhookOptions options = new() { ClientId = "me" };
        configure?.Invoke(options);
        _http = new HttpClient(Host) { Timeout = Timeout.InfiniteTimeSpan };
        Receiver = new WebhookReceiver("", options, _http, Log, Clock, CancellationToken.None);
        Host.Serve(Signer);
    }

    public FakeTimeProvider Clock { get; } = new();

    public LogCollector Log { get; } = new();

    public ScriptedKeyHost Host { get; } = new();

    public WebhookSigner Signer { get; } = s_signer;

    public WebhookReceiver Receiver { get; }

    public RecordingHandler Handler { get; } = new();

    /// <summary>Whether the handler also receives the events that are set aside, as an inbox does.</summary>
    public bool TakesProblems { get; set; }

    public Task<WebhookAnswer> DeliverAsync(string body, WebhookSignatures? signatures = null, CancellationToken cancellationToken = default)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        return ReceiveAsync(new MemoryStream(bytes), signatures ?? Signer.SignBody(bytes), cancellationToken).InTimeAsync("the delivery is answered");
    }

    public async Task<WebhookAnswer> ReceiveAsync(Stream body, WebhookSignatures signatures, CancellationToken cancellationToken = default)
    {
        DefaultHttpContext context = new() { RequestAborted = cancellationToken };
        context.Request.Method = "POST";
        context.Request.Body = body;
        foreach ((string name, string value) in signatures.Headers)
        {
            context.Request.Headers.Append(name, value);
        }

        return await HandleAsync(context);
    }

    public Task<WebhookAnswer> ChallengeAsync(string? challenge)
    {
        DefaultHttpContext context = new();
        context.Request.Method = "GET";
        context.Request.QueryString = challenge is null ? QueryString.Empty : QueryString.Create("challenge", challenge);
        return HandleAsync(context);
    }

    public async Task<WebhookRefusal?> VerifyAsync(string body, WebhookSignatures? signatures = null)
    {
        WebhookAnswer answer = await DeliverAsync(body, signatures, TestContext.Current.CancellationToken);
        return answer.StatusCode == 200 ? null : (WebhookRefusal)answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        _http.Dispose();
    }

    private async Task<WebhookAnswer> HandleAsync(DefaultHttpContext context)
    {
        using MemoryStream answer = new();
        context.Response.Body = answer;
        try
        {
            await Receiver.HandleAsync(context, Handler.HandleAsync, TakesProblems);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client no longer waits for the response.
        }

        string retryAfter = context.Response.Headers.RetryAfter.ToString();
        return new WebhookAnswer(
            context.Response.StatusCode,
            Encoding.UTF8.GetString(answer.ToArray()),
            retryAfter.Length == 0 ? null : TimeSpan.FromSeconds(int.Parse(retryAfter, CultureInfo.InvariantCulture)));
    }
}
