using System.Text;

namespace AssetCompute.Client.Http;

/// <summary>The beginning of an answer's body: whatever is sent, no more than the bound is ever read or held.</summary>
internal readonly struct BoundedBody
{
    /// <summary>More than the service has ever reason to say, and little enough to hold for each of many callers.</summary>
    public const int MaxBytes = 64 * 1024;

    private readonly byte[]? _buffer;
    private readonly int _length;

    private BoundedBody(byte[] buffer, int length, bool isCut)
    {
        _buffer = buffer;
        _length = length;
        IsCut = isCut;
    }

    public ReadOnlyMemory<byte> Bytes => new(_buffer ?? [], 0, _length);

    public bool IsEmpty => _length == 0;

    /// <summary>True when there was more than the bound, so that this is only the beginning.</summary>
    public bool IsCut { get; }

    /// <summary>Reads the body of a response.</summary>
    /// <exception cref="HttpRequestException">The body broke off.</exception>
    /// <exception cref="IOException">The body broke off.</exception>
    public static async Task<BoundedBody> ReadAsync(HttpContent? content, CancellationToken cancellationToken)
    {
        if (content is null || content.Headers.ContentLength == 0)
        {
            return default;
        }

        using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[Math.Min(MaxBytes, (int)Math.Min(content.Headers.ContentLength + 1 ?? 1024, MaxBytes))];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer, length, buffer.Length - length, cancellationToken).ConfigureAwait(false);
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
}
