using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AssetCompute.Emulator;

/// <summary>
/// Stands before the body of an answer and lets only its beginning through. An answer that ends before its announced length makes
/// the server close the connection. It is not reset: a reset may overtake the bytes on their way, and then the client sees nothing
/// of them.
/// </summary>
internal sealed class CutBody(HttpResponse response, IHttpResponseBodyFeature whole, bool keepHalf) : Stream
{
    /// <summary>Answers that don't announce their length; none of them is long.</summary>
    private readonly MemoryStream _unannounced = new();

    private long _left = -1;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (response.ContentLength is null)
        {
            await _unannounced.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await PassAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The answer is through.</summary>
    /// <returns>Whether there was a body to cut.</returns>
    public async Task<bool> EndAsync(CancellationToken cancellationToken)
    {
        if (_unannounced.Length > 0)
        {
            response.ContentLength = _unannounced.Length;
            await PassAsync(_unannounced.GetBuffer().AsMemory(0, (int)_unannounced.Length), cancellationToken).ConfigureAwait(false);
        }

        return _left >= 0;
    }

    /// <summary>The headers leave with the first bytes of the body, and not before: until then the answer may still be another.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_left < 0 && bytes.Length > 0)
        {
            _left = keepHalf ? response.ContentLength!.Value / 2 : 0;
            await whole.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        var kept = (int)Math.Min(bytes.Length, Math.Max(_left, 0));
        if (kept > 0)
        {
            _left -= kept;
            await whole.Stream.WriteAsync(bytes[..kept], cancellationToken).ConfigureAwait(false);
        }
    }
}
