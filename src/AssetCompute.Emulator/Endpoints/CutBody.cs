using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AssetCompute.Emulator;

/// <summary>
/// Cuts the body of a response off in the middle. When a response ends before its declared length, the server closes the connection. The connection is
/// not reset, because a reset may overtake the bytes in transit, and the client would then see none of them.
/// </summary>
internal sealed class CutBody(HttpResponse response, IHttpResponseBodyFeature whole, bool keepHalf) : MemoryStream
{
    private long _left = -1;

    /// <summary>Buffers responses without a declared length, which are all short.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        response.ContentLength is null ? base.WriteAsync(buffer, cancellationToken) : new(PassAsync(buffer, cancellationToken));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Ends the response.</summary>
    /// <returns>Whether there was a body to cut.</returns>
    public async Task<bool> EndAsync(CancellationToken cancellationToken)
    {
        if (Length > 0)
        {
            response.ContentLength = Length;
            await PassAsync(GetBuffer().AsMemory(0, (int)Length), cancellationToken).ConfigureAwait(false);
        }

        return _left >= 0;
    }

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
