using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

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
    private bool _isBroken;
    private StallGuard? _guard;

    /// <summary>The MIME type; null if AEM does not say.</summary>
    public string? ContentType { get; } = response.Content.Headers.ContentType?.ToString();

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public static async Task<AssetContentStream> OpenAsync(AemAuthor author, string path, long? size, string? sha1, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await author.GetOriginalAsync(path, 0, null, cancellationToken);
        try
        {
            long length = response.Content.Headers.ContentLength ?? size ?? throw new AemException($"AEM did not return the length of '{path}'.") { Status = response.StatusCode };
            return size is null || size == length
                ? new AssetContentStream(author, path, length, sha1, response, await response.Content.ReadAsStreamAsync(cancellationToken))
                : throw new AssetChangedException($"AEM has {length} bytes of '{path}', but {size} according to its metadata.");
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Reports progress and errors of AEM to a guard, because the reader may hide an error in its own.</summary>
    public void Watch(StallGuard guard)
    {
        guard.Failure = null;
        _guard = guard;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_guard?.Failure is { } failure)
        {
            throw new IOException("The original could not be read completely.", failure);
        }

        // Small enough that a slow download is not taken for a silent one.
        int wanted = (int)Math.Min(Math.Min(buffer.Length, MaxRead), length - _position);
        try
        {
            int count = wanted == 0 ? 0 : await author.Resuming.ExecuteAsync(token => ReadOnceAsync(buffer[..wanted], token), cancellationToken);
            _hash.AppendData(buffer.Span[..count]);
            _position += count;
            _guard?.Moved();
            if (_position == length && (count > 0 || length == 0))
            {
                string received = Convert.ToHexStringLower(_hash.GetHashAndReset());
                return sha1 is null || sha1 == received ? count : throw new AssetChangedException($"The SHA-1 of '{path}' is {received}, and {sha1} by AEM's metadata.");
            }

            return count;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _guard?.Failure = exception;
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

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_isBroken)
        {
            await ReopenAsync(cancellationToken);
        }

        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_silence);
        _isBroken = true;
        try
        {
            // Filled, because writers send each read on its own. After a break, the reading continues where the last full read ended.
            int count = await _body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, silence.Token);
            _isBroken = count == 0;
            return count > 0 ? count : throw new EndOfStreamException($"The original of '{path}' broke off after {_position} of {length} bytes.");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EndOfStreamException($"The download of '{path}' stalled after {_position} of {length} bytes.", exception);
        }
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        if (_position > 0 && _tag is null)
        {
            throw new AssetChangedException($"The original of '{path}' broke off after {_position} of {length} bytes, and has no entity tag for resuming.");
        }

        _response.Dispose();
        _response = await author.GetOriginalAsync(path, _position, _tag, cancellationToken);
        bool goesOn = _position == 0
            ? _response.StatusCode == HttpStatusCode.OK && (_response.Content.Headers.ContentLength ?? length) == length
            : _response.StatusCode == HttpStatusCode.PartialContent && _response.Content.Headers.ContentRange?.From == _position;
        _body = goesOn
            ? await _response.Content.ReadAsStreamAsync(cancellationToken)
            : throw new AssetChangedException($"The original of '{path}' changed after {_position} of {length} bytes were read.");
    }
}
