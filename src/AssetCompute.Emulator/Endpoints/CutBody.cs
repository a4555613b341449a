using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AssetCompute.Emulator;

/// <summary>Cuts the body of a response off. The server then closes the connection without a reset, which may overtake the bytes in transit.</summary>
internal sealed class CutBody(HttpResponse response, IHttpResponseBodyFeature whole, bool keepHalf) : MemoryStream
{
    private long? _left;

    /// <summary>Whether there was a body to cut.</summary>
    public bool IsCut => _left is not null;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        if (_left is null)
        {
            // Every response with a body declares its length.
            _left = keepHalf ? response.ContentLength!.Value / 2 : 0;
            await whole.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        var kept = (int)Math.Min(buffer.Length, _left.Value);
        _left -= kept;
        await whole.Stream.WriteAsync(buffer[..kept], cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}
