using System.Text;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Http;

/// <summary>The body of a response, as far as it was read, with the headers of the original. Never more than <see cref="MaxBytes"/> are read or held.</summary>
internal sealed class BoundedContent : ByteArrayContent
{
    public const int MaxBytes = 64 * 1024;

    // The error itself is known already: its body is worth a short wait only.
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

    /// <summary>Reads the body of a response. The beginning of an error's body is enough. The body of a successful response must be whole.</summary>
    /// <exception cref="BrokenBodyException">The response is successful, and its body broke off or is garbled.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
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

    /// <summary>Returns the fields of the body, or null when it is not a whole JSON object.</summary>
    public AnswerBody? ToAnswer() => IsEmpty || _isCut ? null : AnswerBody.Parse(_bytes);

    /// <summary>Returns the bytes as text, in the charset of the header where it is known, else as UTF-8.</summary>
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
                // An unknown charset is no reason to show nothing.
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
            // A stream may fail in any way that its decoder knows. The status is valid all the same.
            return new BoundedContent(content, buffer, length, isCut: true);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new BrokenBodyException("The body of the answer could not be read to its end.", exception);
        }
    }
}
