using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using AssetCompute.Client.StorageTests;

namespace AssetCompute.Client.AmazonS3.Tests;

/// <summary>Tests for lost responses and for responses that Amazon S3 itself never returns.</summary>
public sealed class S3AnswerTests(S3ServerFixture fixture)
{
    private const int PartSize = 5 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_AnswerToCompleteIsLost_Succeeds()
    {
        Answers answers = new() { AfterFirst = static request => IsComplete(request) ? throw new HttpRequestException("The connection was closed.") : null };
        using AmazonS3Client client = fixture.CreateClient(answers);
        AmazonS3Storage storage = Open(client);
        using PseudoRandomStream content = new((2 * PartSize) + 1);

        await storage.UploadAsync("lost/upload", content, cancellationToken: Token);

        Assert.Equal(2, answers.Requests.Count(IsComplete));
        using StoredAsset stored = await storage.OpenReadAsync("lost/upload", Token);
        Assert.Equal((2 * PartSize) + 1, stored.Length);
    }

    [Fact]
    public async Task Complete_AnswerToCompleteIsLost_Succeeds()
    {
        Answers answers = new() { AfterFirst = static request => IsComplete(request) ? throw new HttpRequestException("The connection was closed.") : null };
        using AmazonS3Client client = fixture.CreateClient(answers);
        AmazonS3Storage storage = Open(client);
        StorageTarget target = await storage.CreateTargetAsync("lost/complete", new StorageTargetOptions { MaxSize = 2 * PartSize }, Token);
        using HttpClient http = new();
        using ByteArrayContent part = new([1, 2, 3]);
        using HttpResponseMessage written = await http.PutAsync(new Uri(target.Target.Urls[0]), part, Token);

        await target.CompleteAsync(new RenditionCreated { Metadata = new RenditionMetadata { Size = 3 } }, Token);

        Assert.Equal(2, answers.Requests.Count(IsComplete));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_AbortedBySomebodyElse_Fails(bool replaces)
    {
        string name = $"aborted/{replaces}";
        await new AmazonS3Storage(fixture.Client, S3ServerFixture.Bucket).UploadAsync(replaces ? name : "aborted/other", new MemoryStream([1, 2, 3]), cancellationToken: Token);
        Answers answers = new() { Before = async (request, sendAsync) => IsComplete(request) ? await AbortAsync(request, sendAsync) : null };
        using AmazonS3Client client = fixture.CreateClient(answers);
        using PseudoRandomStream content = new(PartSize + 1);

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => Open(client).UploadAsync(name, content, cancellationToken: Token));

        Assert.Contains("aborted by another caller", exception.Message, StringComparison.Ordinal);

        static async Task<HttpResponseMessage?> AbortAsync(HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> sendAsync)
        {
            using HttpRequestMessage abort = new(HttpMethod.Delete, request.RequestUri);
            using HttpResponseMessage aborted = await sendAsync(abort);
            return null;
        }
    }

    /// <summary>The SDK returns null for an empty list.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("<IsTruncated>false</IsTruncated>")]
    public async Task Complete_ListOfNoParts_SaysThatNothingWasWritten(string content)
    {
        Answers answers = new()
        {
            Before = (request, _) => Task.FromResult(
                request.Method == HttpMethod.Get && request.RequestUri!.Query.Contains("uploadId=", StringComparison.Ordinal)
                    ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($"<ListPartsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{content}</ListPartsResult>", Encoding.UTF8, "application/xml") }
                    : null),
        };
        using AmazonS3Client client = fixture.CreateClient(answers);
        StorageTarget target = await Open(client).CreateTargetAsync("no/parts", new StorageTargetOptions { MaxSize = 2 * PartSize }, Token);

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => target.CompleteAsync(new RenditionCreated(), Token));

        Assert.Contains("0 were written", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_ServerThatSaysNotFound_IsRemovedAlready()
    {
        Answers answers = new() { Before = static (_, _) => Task.FromResult<HttpResponseMessage?>(new HttpResponseMessage(HttpStatusCode.NotFound)) };
        using AmazonS3Client client = fixture.CreateClient(answers);

        await Open(client).DeleteAsync("not-there", Token);
    }

    [Fact]
    public async Task Delete_BucketThatIsNotThere_Fails()
    {
        AmazonS3Storage storage = new(fixture.Client, "elsewhere");

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.DeleteAsync("not-there", Token));

        Assert.Contains("Create the bucket, or check its name", exception.Message, StringComparison.Ordinal);
    }

    private static bool IsComplete(HttpRequestMessage request) => request.Method == HttpMethod.Post && request.RequestUri!.Query.Contains("uploadId=", StringComparison.Ordinal);

    private static AmazonS3Storage Open(IAmazonS3 client) =>
        new(client, S3ServerFixture.Bucket, new AmazonS3StorageOptions { PartSize = PartSize, UploadPartSize = PartSize });

    /// <summary>Forwards requests unless a test overrides the response.</summary>
    private sealed class Answers : DelegatingHandler
    {
        public Answers()
            : base(new SocketsHttpHandler { UseProxy = false })
        {
        }

        /// <summary>Called with each request and a function that sends another request. Returns the response, or null to forward the request.</summary>
        public Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage?>>? Before { get; init; }

        /// <summary>Called after the response to each request, until it throws.</summary>
        public Func<HttpRequestMessage, HttpResponseMessage?>? AfterFirst { get; set; }

        public List<HttpRequestMessage> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            if (Before is { } before && await before(request, other => base.SendAsync(other, cancellationToken)) is { } instead)
            {
                return instead;
            }

            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            try
            {
                return AfterFirst?.Invoke(request) ?? answer;
            }
            catch
            {
                AfterFirst = null;
                throw;
            }
        }
    }
}
