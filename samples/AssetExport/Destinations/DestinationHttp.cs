using System.Net;
using System.Net.Http.Headers;
using AssetCompute.Client;

namespace AssetExport;

/// <summary>Calls an HTTP server of a destination, and handles the common errors.</summary>
internal sealed class DestinationHttp(string name, Uri server, TimeProvider timeProvider, AuthenticationHeaderValue? account = null) : IDisposable
{
    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = CreateClient(server, Timeout.InfiniteTimeSpan, account);

    /// <summary>Creates a client that sends nothing to other servers.</summary>
    public static HttpClient CreateClient(Uri server, TimeSpan timeout, AuthenticationHeaderValue? account = null) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(30) })
        {
            BaseAddress = server,
            Timeout = timeout,
            DefaultRequestHeaders = { Authorization = account },
        };

    /// <exception cref="DestinationBusyException">The server is unreachable or busy. An error (500) isn't included: it may affect only one file.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    public async Task<T> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout ?? s_defaultTimeout);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            TimeSpan? wait = RetryAfter.Of(response, timeProvider);
            return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable || (response.StatusCode >= HttpStatusCode.InternalServerError && wait is not null)
                ? throw new DestinationBusyException($"{name} answered {(int)response.StatusCode}.", wait)
                : await read(response, limit.Token);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            throw new DestinationBusyException($"{name} cannot be reached ({exception.HttpRequestError}).", innerException: exception);
        }
        catch (HttpRequestException exception)
        {
            throw new IOException($"The call to {name} broke off ({exception.HttpRequestError}).", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{name} did not answer in time.", exception);
        }
    }

    public void Dispose() => _http.Dispose();
}
