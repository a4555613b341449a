using System.Text;

namespace AssetCompute.Client.Http;

/// <summary>The beginning of an answer's body: whatever is sent, no more than the bound is ever read or held.</summary>
internal readonly struct BoundedBody
{
    /// <summary>More than the service has ever reason to say, and little enough to hold for each of many callers.</summary>
    public const int MaxBytes = 64 * 1024;

    // A body that explains an error is worth a short wait, never a long one: the error itself is known already.
    private static readonly TimeSpan ErrorBodyTimeout = TimeSpan.FromSeconds(5);

    private readonly byte[]? _buffer;
    private readonly int _length;

    private BoundedBody(byte[] buffer, int length, bool isCut)
    {
        _buffer = buffer;
        _length = length;
        IsCut = isCut;
    }

    public ArraySegment<byte> Segment => new(_buffer ?? [], 0, _length);

    public ReadOnlyMemory<byte> Bytes => Segment;

    public bool IsEmpty => _length == 0;

    /// <summary>True when this is only the beginning: there was more than the bound, or the rest did not come.</summary>
    public bool IsCut { get; }

    /// <summary>
    /// Reads the body of a response. Of an error, whatever comes before the body breaks off or the time is up is enough; an answer of good status
    /// is good only as a whole.
    /// </summary>
    /// <exception cref="BrokenBodyException">The status is good, and the body broke off or is garbled.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async ValueTask<BoundedBody> ReadAsync(HttpResponseMessage response, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (response.Content is BufferedContent buffered)
        {
            return buffered.Body;
        }

        HttpContent? content = response.Content;
        if (content is null || content.Headers.ContentLength == 0)
        {
            return default;
        }

        if (response.IsSuccessStatusCode)
        {
            return await ReadAsync(content, toleratesFailure: false, cancellationToken).ConfigureAwait(false);
        }

        using CancellationTokenSource timeout = timeProvider.CreateCancellationTokenSource(ErrorBodyTimeout);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        BoundedBody body = await ReadAsync(content, toleratesFailure: true, both.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return body;
    }

    /// <summary>The bytes as text, in the charset that the header names where this is known, else as UTF-8.</summary>
    public string ToText(HttpContent? content)
    {
        Encoding encoding = Encoding.UTF8;
        if (content?.Headers.ContentType?.CharSet is { Length: > 0 } charset)
        {
            try
            {
                encoding = Encoding.GetEncoding(charset.Trim('"'));
            }
            catch (ArgumentException)
            {
                // A charset nobody knows is no reason to show nothing.
            }
        }

        return encoding.GetString(_buffer ?? [], 0, _length);
    }

    private static async ValueTask<BoundedBody> ReadAsync(HttpContent content, bool toleratesFailure, CancellationToken cancellationToken)
    {
        long expected = Math.Min(content.Headers.ContentLength ?? 1023, MaxBytes - 1);
        byte[] buffer = new byte[(int)expected + 1];
        int length = 0;
        try
        {
            using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += read;
                if (read == 0)
                {
                    return new BoundedBody(buffer, length, isCut: false);
                }

                if (length == MaxBytes)
                {
                    return new BoundedBody(buffer, length, isCut: true);
                }

                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Min(MaxBytes, buffer.Length * 2));
                }
            }
        }
        catch (Exception) when (toleratesFailure)
        {
            // A stream may fail in any way that its decoder knows; the answer's status stands all the same.
            return new BoundedBody(buffer, length, isCut: true);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new BrokenBodyException("The body of the answer could not be read to its end.", exception);
        }
    }
}
