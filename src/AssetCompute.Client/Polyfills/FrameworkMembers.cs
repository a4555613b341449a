#if NETSTANDARD2_0
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;

namespace AssetCompute.Client;

/// <summary>The reason of a failed request: the values of .NET 10 that can be distinguished on .NET Standard 2.0.</summary>
internal enum HttpRequestError
{
    Unknown,
    NameResolutionError,
    ConnectionError,
    SecureConnectionError,
    ProxyTunnelError,
    ConfigurationLimitExceeded,
}

/// <summary>Members of .NET 10 for .NET Standard 2.0, which cannot cancel a read from the network: the connection is closed instead.</summary>
internal static class FrameworkMembers
{
    extension(File)
    {
        public static void Move(string sourceFileName, string destFileName, bool overwrite)
        {
            if (overwrite && File.Exists(destFileName))
            {
                File.Replace(sourceFileName, destFileName, destinationBackupFileName: null);
            }
            else
            {
                File.Move(sourceFileName, destFileName);
            }
        }
    }

    extension(HttpRequestMessage request)
    {
        public IDictionary<string, object?> Options => request.Properties;
    }

    extension(HttpHeaders headers)
    {
        public HttpHeaders NonValidated => headers;
    }

    extension(HttpRequestException exception)
    {
        // The framework of the host determines how the cause is wrapped.
        public HttpRequestError HttpRequestError => ErrorOf(exception.InnerException);
    }

    public static Task<Stream> ReadAsStreamAsync(this HttpContent content, CancellationToken cancellationToken) =>
        ReadAsync(content, content.ReadAsStreamAsync, cancellationToken);

    public static Task<byte[]> ReadAsByteArrayAsync(this HttpContent content, CancellationToken cancellationToken) =>
        ReadAsync(content, content.ReadAsByteArrayAsync, cancellationToken);

    public static async ValueTask<int> ReadAsync(this Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Every buffer of this library is a slice of an array.
        _ = MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment);
        try
        {
            return await ReadAsync(stream, () => stream.ReadAsync(segment.Array!, segment.Offset, segment.Count, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is ObjectDisposedException or IOException)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    private static HttpRequestError ErrorOf(Exception? cause) => cause switch
    {
        null => HttpRequestError.Unknown,
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }
            or WebException { Status: WebExceptionStatus.NameResolutionFailure } => HttpRequestError.NameResolutionError,
        SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable }
            or WebException { Status: WebExceptionStatus.ConnectFailure } or TimeoutException => HttpRequestError.ConnectionError,
        AuthenticationException or WebException { Status: WebExceptionStatus.TrustFailure or WebExceptionStatus.SecureChannelFailure } => HttpRequestError.SecureConnectionError,
        _ => ErrorOf(cause.InnerException),
    };

    private static async Task<T> ReadAsync<T>(IDisposable source, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (cancellationToken.Register(static state => ((IDisposable)state!).Dispose(), source))
        {
            return await read().ConfigureAwait(false);
        }
    }
}
#endif
