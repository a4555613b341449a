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

    /// <summary>Reads the body of a response. For an error, the beginning of the body is enough. The body of a successful response must be complete.</summary>
    /// <exception cref="BrokenBodyException">The response is successful, and its body is incomplete or corrupt.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public static async ValueTask<BoundedContent> ReadAsync(HttpResponseMessage response, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (response.Content is null or BoundedContent)
        {
            return response.Content as BoundedContent ?? new BoundedContent(null, [], 0, isCut: false);
        }

        bool isError = !response.IsSuccessStatusCode;
        using CancellationTokenSource? timeout = isError ? timeProvider.CreateCancellationTokenSource(s_errorBodyTimeout) : null;
        using CancellationTokenSource? both = isError ? CancellationTokenSource.CreateLinkedTokenSource(timeout!.Token, cancellationToken) : null;
        CancellationToken ends = both?.Token ?? cancellationToken;
        byte[] buffer = new byte[256];
        int length = 0;
        bool isCut = true;
        try
        {
            using Stream stream = await response.Content.ReadAsStreamAsync(ends).ConfigureAwait(false);
            while (isCut && length < MaxBytes)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Min(MaxBytes, buffer.Length * 2));
                }

                int read = await stream.ReadAsync(buffer.AsMemory(length), ends).ConfigureAwait(false);
                length += read;
                isCut = read > 0;
            }
        }
        catch (Exception) when (isError)
        {
            // A stream may throw any exception of its decoder. The status is still valid.
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new BrokenBodyException("The body of the answer could not be read completely.", exception);
        }

        return new BoundedContent(response.Content, buffer, length, isCut);
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
}
