using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Polly;
using Polly.Retry;

namespace AssetExport;

/// <summary>An asset's original from AEM. Resumes after a broken connection. Returns the last bytes only if length and SHA-1 match.</summary>
/// <param name="sha1">The expected SHA-1; null if unknown.</param>
internal sealed class AssetContentStream(AemAuthor author, string path, long length, string? sha1, HttpResponseMessage response, Stream body) : Stream
{
    private const int MaxRead = 128 << 10;

    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(2);

    private readonly EntityTagHeaderValue? _tag = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private HttpResponseMessage _response = response;
    private Stream _body = body;
    private long _position;

    /// <summary>The MIME type; null if AEM does not say.</summary>
    public string? ContentType { get; } = response.Content.Headers.ContentType?.ToString();

    /// <summary>The total number of bytes.</summary>
    public override long Length => length;

    /// <summary>The number of bytes that have been received.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>The SHA-1 of the received bytes; null before the end.</summary>
    public string? Sha1 { get; private set; }

    /// <summary>Called when bytes are received.</summary>
    public Action? Moved { get; set; }

    /// <summary>The error on AEM's side; null if there was none. The writer may have wrapped it in its own exception.</summary>
    public Exception? Failure { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public static async Task<AssetContentStream> OpenAsync(AemAuthor author, string path, long? size, string? sha1, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await author.GetOriginalAsync(path, 0, null, cancellationToken);
        try
        {
            long length = response.Content.Headers.ContentLength ?? size ?? throw new AemException($"AEM does not say how long '{path}' is.") { Status = response.StatusCode };
            return size is null || size == length
                ? new AssetContentStream(author, path, length, sha1, response, await response.Content.ReadAsStreamAsync(cancellationToken))
                : throw new AssetChangedException($"AEM has {length} bytes of '{path}', and {size} by its metadata.");
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Failure is not null)
        {
            throw new IOException("The original could not be read to its end.", Failure);
        }

        if (buffer.Length == 0 || Sha1 is not null)
        {
            return 0;
        }

        try
        {
            int count = Length == 0 ? 0 : await ReadOrResumeAsync(buffer, cancellationToken);
            _hash.AppendData(buffer.Span[..count]);
            _position += count;
            Moved?.Invoke();
            if (_position == Length)
            {
                Verify();
            }

            return count;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = exception;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _response.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOrResumeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnceAsync(buffer, cancellationToken);
        }
        catch (IOException exception) when (CanResumeAfter(exception))
        {
            ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = author.Clock }
                .AddRetry(new RetryStrategyOptions
                {
                    MaxRetryAttempts = 4,
                    Delay = TimeSpan.FromMilliseconds(500),
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldHandle = args => new ValueTask<bool>(CanResumeAfter(args.Outcome.Exception)),
                })
                .Build();
            return await pipeline.ExecuteAsync(
                async token =>
                {
                    await ReopenAsync(token);
                    return await ReadOnceAsync(buffer, token);
                },
                cancellationToken);
        }
    }

    private bool CanResumeAfter(Exception? exception) => exception is IOException and not AssetChangedException && (_tag is not null || _position == 0);

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_silence);
        try
        {
            // Small enough that a slow download is not taken for a silent one.
            int wanted = (int)Math.Min(Math.Min(buffer.Length, MaxRead), Length - _position);
            // Filled, because writers send each read on its own. After a break, the reading continues where the last full read ended.
            int count = await _body.ReadAtLeastAsync(buffer[..wanted], wanted, throwOnEndOfStream: false, silence.Token);
            return count > 0 ? count : throw new EndOfStreamException($"The original of '{path}' broke off after {_position} of {Length} bytes.");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EndOfStreamException($"The original of '{path}' stopped coming after {_position} of {Length} bytes.", exception);
        }
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        _response.Dispose();
        HttpResponseMessage response = await author.GetOriginalAsync(path, _position, _tag, cancellationToken);
        _response = response;
        bool goesOn = _position == 0
            ? response.StatusCode == HttpStatusCode.OK && (response.Content.Headers.ContentLength ?? Length) == Length
            : response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == _position;
        _body = goesOn
            ? await response.Content.ReadAsStreamAsync(cancellationToken)
            : throw new AssetChangedException($"The original of '{path}' is another one since {_position} of {Length} bytes came.");
    }

    private void Verify()
    {
        Sha1 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (sha1 is not null && sha1 != Sha1)
        {
            throw new AssetChangedException($"The SHA-1 of '{path}' is {Sha1}, and {sha1} by AEM's metadata.");
        }
    }
}
