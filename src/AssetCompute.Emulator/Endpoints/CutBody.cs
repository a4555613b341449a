using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AssetCompute.Emulator;

/// <summary>
/// Stands before the body of an answer and lets only its beginning through. An answer that ends before its announced length makes
/// the server close the connection. It is not reset: a reset may overtake the bytes on their way, and then the client sees nothing
/// of them.
/// </summary>
internal sealed class CutBody(HttpResponse response, IHttpResponseBodyFeature whole, bool keepHalf) : MemoryStream
{
    private long _left = -1;

    /// <summary>The memory keeps answers that don't announce their length; none of them is long.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        response.ContentLength is null ? base.WriteAsync(buffer, cancellationToken) : new(PassAsync(buffer, cancellationToken));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>The answer is through.</summary>
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
