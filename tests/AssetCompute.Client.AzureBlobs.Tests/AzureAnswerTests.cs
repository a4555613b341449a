using System.Net;
using System.Net.Sockets;
using System.Text;
using AssetCompute.Client.StorageTests;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>Tests for requests that Azure completes but whose response is lost or incomplete.</summary>
public sealed class AzureAnswerTests(AzuriteFixture fixture) : IDisposable
{
    private const int PartSize = 1 << 20;

    private readonly SpoiledAnswers _answers = new();

    public static TheoryData<string> WaysIntoAzure { get; } = ["managed identity", "account key", "SAS in the URL", "renewed SAS"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _answers.Dispose();

    [Theory]
    [MemberData(nameof(WaysIntoAzure))]
    public async Task Upload_AnswerToTheCommitIsLost_Succeeds(string way)
    {
        using HttpClient http = new(_answers, disposeHandler: false);
        using AzureBlobsStorage storage = Open(http, way);
        using PseudoRandomStream content = new((2 * PartSize) + 1);
        _answers.Spoil = static request => IsCommit(request) ? static _ => throw new HttpRequestException("The connection was closed.") : null;

        await storage.UploadAsync($"lost/upload by {way}", content, cancellationToken: Token);

        Assert.Equal(2, _answers.Requests.Count(IsCommit));
        using StoredAsset stored = await storage.OpenReadAsync($"lost/upload by {way}", Token);
        Assert.Equal((2 * PartSize) + 1, stored.Length);
    }

    [Theory]
    [MemberData(nameof(WaysIntoAzure))]
    public async Task Complete_AnswerToTheCommitIsLost_Succeeds(string way)
    {
        using HttpClient http = new(_answers, disposeHandler: false);
        using AzureBlobsStorage storage = Open(http, way);
        StorageTarget target = await WrittenTargetAsync(storage, http, $"lost/target by {way}");
        _answers.Spoil = static request => IsCommit(request) ? static _ => throw new HttpRequestException("The connection was closed.") : null;

        await target.CompleteAsync(new RenditionCreated { Metadata = new RenditionMetadata { Size = 3 } }, Token);

        Assert.Equal(2, _answers.Requests.Count(IsCommit));
        using StoredAsset stored = await storage.OpenReadAsync($"lost/target by {way}", Token);
        Assert.Equal(3, stored.Length);
    }

    [Fact]
    public async Task Complete_ListOfBlocksBreaksOff_IsAskedForAgain()
    {
        using HttpClient http = new(_answers, disposeHandler: false);
        using AzureBlobsStorage storage = Open(http);
        StorageTarget target = await WrittenTargetAsync(storage, http, "lost/list");
        _answers.Spoil = static request => IsList(request) ? static answer => answer.Content = new StreamContent(new BreakingStream("<?xml version=\"1.0\"?><BlockList>"u8.ToArray())) : null;

        await target.CompleteAsync(new RenditionCreated { Metadata = new RenditionMetadata { Size = 3 } }, Token);

        Assert.Equal(2, _answers.Requests.Count(IsList));
    }

    [Fact]
    public async Task Complete_ListOfBlocksIsNoXml_IsAnErrorOfTheStorage()
    {
        using HttpClient http = new(_answers, disposeHandler: false);
        using AzureBlobsStorage storage = Open(http);
        StorageTarget target = await WrittenTargetAsync(storage, http, "lost/html");
        _answers.Spoil = static request => IsList(request) ? static answer => answer.Content = new StringContent("Sign in<br>") : null;

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => target.CompleteAsync(new RenditionCreated(), Token));

        Assert.Contains("could not list the blocks of 'lost/html'", exception.Message, StringComparison.Ordinal);
        Assert.IsType<System.Xml.XmlException>(exception.InnerException);
        Assert.False(exception.IsTransient);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nETag: \"1\"\r\nx-ms-blob-type: BlockBlob\r\n\r\nabc")]
    public async Task OpenRead_ServerFallsSilent_EndsAsAFailureThatMayPass(string answer)
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task answering = AnswerAsync(silent, answer, done.Token);
        BlobClientOptions options = new() { Retry = { MaxRetries = 0, NetworkTimeout = TimeSpan.FromSeconds(1) } };
        using AzureBlobsStorage storage = new(new BlobContainerClient(new Uri($"http://{silent.LocalEndpoint}/account/assets?sv=2021-12-02&sig=c2VjcmV0"), options));

        Exception exception = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using StoredAsset stored = await storage.OpenReadAsync("silent", Token);
            await stored.Content.CopyToAsync(Stream.Null, Token);
        });

        Assert.True(exception is AssetStorageException { IsTransient: true, StatusCode: null } or AggregateException { InnerExceptions: [OperationCanceledException, ..] }, exception.ToString());
        await done.CancelAsync();
        await answering;
    }

    private static async Task AnswerAsync(TcpListener listener, string answer, CancellationToken cancellationToken)
    {
        List<Socket> open = [];
        try
        {
            while (true)
            {
                Socket client = await listener.AcceptSocketAsync(cancellationToken);
                open.Add(client);
                await client.ReceiveAsync(new byte[16_384], cancellationToken);
                await client.SendAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            open.ForEach(static socket => socket.Dispose());
        }
    }

    private static bool IsCommit(HttpRequestMessage request) => request.Method == HttpMethod.Put && request.RequestUri!.Query.Contains("comp=blocklist", StringComparison.Ordinal);

    private static bool IsList(HttpRequestMessage request) => request.Method == HttpMethod.Get && request.RequestUri!.Query.Contains("comp=blocklist", StringComparison.Ordinal);

    private static async Task<StorageTarget> WrittenTargetAsync(AzureBlobsStorage storage, HttpClient http, string name)
    {
        StorageTarget target = await storage.CreateTargetAsync(name, cancellationToken: Token);
        using ByteArrayContent part = new([1, 2, 3]);
        using HttpResponseMessage written = await http.PutAsync(new Uri(target.Target.Urls[0]), part, Token);
        Assert.Equal(HttpStatusCode.Created, written.StatusCode);
        return target;
    }

    private AzureBlobsStorage Open(HttpClient http, string way = "SAS in the URL")
    {
        BlobClientOptions client = new() { Transport = new HttpClientTransport(http) };
        AzureBlobsStorageOptions options = new() { UploadPartSize = PartSize, ClientOptions = client };
        Uri url = fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1));
        return way switch
        {
            "managed identity" => new AzureBlobsStorage(new BlobContainerClient(AzuriteContainer.AddressOf(fixture.SecureServer.Endpoint), new EntraCredential(), client), options),
            "account key" => new AzureBlobsStorage(AzuriteContainer.ClientOf(fixture.Server.Endpoint, client), options),
            "renewed SAS" => new AzureBlobsStorage(_ => ValueTask.FromResult(url), options),
            _ => new AzureBlobsStorage(new BlobContainerClient(url, client), options),
        };
    }

    /// <summary>Forwards all requests and corrupts one response.</summary>
    private sealed class SpoiledAnswers : DelegatingHandler
    {
        public SpoiledAnswers()
            : base(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost" } })
        {
        }

        /// <summary>Returns how to corrupt the response to a request, or null to keep the response. Only one response is corrupted.</summary>
        public Func<HttpRequestMessage, Action<HttpResponseMessage>?> Spoil { get; set; } = static _ => null;

        public List<HttpRequestMessage> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            if (Spoil(request) is { } spoil)
            {
                Spoil = static _ => null;
                Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
                spoil(answer);
            }

            return answer;
        }
    }

    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        // A seekable stream would set the Content-Length of the response.
        public override bool CanSeek => false;

        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => await ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new HttpIOException(HttpRequestError.ResponseEnded, "The answer ended too early.");
        }

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await base.CopyToAsync(destination, bufferSize, cancellationToken);
            throw new HttpIOException(HttpRequestError.ResponseEnded, "The answer ended too early.");
        }
    }
}
