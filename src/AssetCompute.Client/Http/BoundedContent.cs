using System.Text;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Http;

/// <summary>The body of a response, as far as it was read, with the original headers. Never reads or keeps more than <see cref="MaxBytes"/>.</summary>
internal sealed class BoundedContent : ByteArrayContent
{
    public const int MaxBytes = 64 * 1024;

    // The error itself is already known: its body justifies only a short wait.
    private static readonly TimeSpan s_errorBodyTimeout = TimeSpan.FromSeconds(5);

    private readonly ArraySegment<byte> _bytes;
    private readonly bool _isCut;

    private BoundedContent(HttpContent? original, byte[] buffer, int length, bool isCut)
        : base(buffer, 0, length)
    {
        _bytes = new ArraySegment<byte>(buffer, 0, length);
        _isCut = isCut;
        if (original is not null)
        {
            AttemptHandler.CopyHeaders(original.Headers, Headers);
        }

        Headers.ContentLength = length;
    }

    public bool IsEmpty => _bytes.Count == 0;

    /// <summary>
    /// Reads the body of a response. For an error, the beginning of the body is enough. The body of a successful response must be complete.
    /// </summary>
    /// <exception cref="BrokenBodyException">The response is successful, and its body is incomplete or corrupt.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public static async ValueTask<BoundedContent> ReadAsync(HttpResponseMessage response, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        HttpContent? content = response.Content;
        if (content is null or BoundedContent)
        {
            return content as BoundedContent ?? new BoundedContent(null, [], 0, isCut: false);
        }

        if (response.IsSuccessStatusCode)
        {
            return await ReadAsync(content, toleratesFailure: false, cancellationToken).ConfigureAwait(false);
        }

        using CancellationTokenSource timeout = timeProvider.CreateCancellationTokenSource(s_errorBodyTimeout);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        BoundedContent body = await ReadAsync(content, toleratesFailure: true, both.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return body;
    }

    /// <summary>Returns the fields of the body; null if it is not a complete JSON object.</summary>
    public AnswerBody? ToAnswer() => IsEmpty || _isCut ? null : AnswerBody.Parse(_bytes);

    /// <summary>Returns the bytes as text, in the charset of the header if it is known, else as UTF-8.</summary>
    public string ToText()
    {
        Encoding encoding = Encoding.UTF8;
        if (Headers.ContentType?.CharSet is { Length: > 0 } charset)
        {
            try
            {
                encoding = Encoding.GetEncoding(charset.Trim('"'));
            }
            catch (ArgumentException)
            {
                // For an unknown charset, the text is shown as UTF-8.
            }
        }

        return encoding.GetString(_bytes.Array!, 0, _bytes.Count);
    }

    private static async ValueTask<BoundedContent> ReadAsync(HttpContent content, bool toleratesFailure, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1024];
        int length = 0;
        try
        {
            using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += read;
                if (read == 0 || length == MaxBytes)
                {
                    return new BoundedContent(content, buffer, length, isCut: read > 0);
                }

                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Min(MaxBytes, buffer.Length * 2));
                }
            }
        }
        catch (Exception) when (toleratesFailure)
        {
            // A stream may throw any exception of its decoder. The status is still valid.
            return new BoundedContent(content, buffer, length, isCut: true);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new BrokenBodyException("The body of the answer could not be read to its end.", exception);
        }
    }
}
