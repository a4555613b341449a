using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Polly;
using Polly.Retry;

namespace AssetExport;

/// <summary>
/// A stream of an asset's original from AEM. A broken connection is resumed where it broke. The last bytes are returned only if the length and the SHA-1 of all
/// bytes match, so that no reader can complete a file that is not the asset.
/// </summary>
public sealed class AssetContentStream : Stream
{
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(2);

    private readonly AemAuthor _author;
    private readonly string _path;
    private readonly string? _sha1;
    private readonly EntityTagHeaderValue? _tag;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly ResiliencePipeline _pipeline;
    private HttpResponseMessage _response;
    private Stream _body;
    private long _position;

    private AssetContentStream(AemAuthor author, string path, long length, string? sha1, HttpResponseMessage response, Stream body)
    {
        _author = author;
        _path = path;
        _sha1 = sha1;
        _response = response;
        _body = body;
        _tag = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
        Length = length;
        ContentType = response.Content.Headers.ContentType?.ToString();
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = author.Clock }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 5,
                Delay = TimeSpan.FromMilliseconds(500),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is IOException and not AssetChangedException && (_tag is not null || _position == 0)),
                OnRetry = args => new ValueTask(ReopenAsync(args.Context.CancellationToken)),
            })
            .Build();
    }

    /// <summary>The MIME type; null if AEM does not say.</summary>
    public string? ContentType { get; }

    /// <summary>The total number of bytes.</summary>
    public override long Length { get; }

    /// <summary>The number of bytes that have been received.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>The SHA-1 of the received bytes; null before the end.</summary>
    public string? Sha1 { get; private set; }

    /// <summary>Called when bytes are received.</summary>
    internal Action? Moved { get; set; }

    /// <summary>The error on AEM's side; null if there was none. The writer may have wrapped it in its own exception.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    internal static async Task<AssetContentStream> OpenAsync(AemAuthor author, string path, long? size, string? sha1, CancellationToken cancellationToken)
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

    /// <inheritdoc/>
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
            int count = Length == 0 ? 0 : await _pipeline.ExecuteAsync(async token => await ReadOnceAsync(buffer, token), cancellationToken);
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

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _response.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_silence);
        try
        {
            int wanted = (int)Math.Min(buffer.Length, Length - _position);
            int count = await _body.ReadAsync(buffer[..wanted], silence.Token);
            return count > 0 ? count : throw new EndOfStreamException($"The original of '{_path}' broke off after {_position} of {Length} bytes.");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EndOfStreamException($"The original of '{_path}' stopped coming after {_position} of {Length} bytes.", exception);
        }
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        _response.Dispose();
        HttpResponseMessage response = await _author.GetOriginalAsync(_path, _position, _tag, cancellationToken);
        _response = response;
        bool goesOn = _position == 0
            ? response.StatusCode == HttpStatusCode.OK && (response.Content.Headers.ContentLength ?? Length) == Length
            : response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == _position;
        _body = goesOn
            ? await response.Content.ReadAsStreamAsync(cancellationToken)
            : throw new AssetChangedException($"The original of '{_path}' is another one since {_position} of {Length} bytes came.");
    }

    private void Verify()
    {
        Sha1 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (_sha1 is not null && _sha1 != Sha1)
        {
            throw new AssetChangedException($"The SHA-1 of '{_path}' is {Sha1}, and {_sha1} by AEM's metadata.");
        }
    }
}
