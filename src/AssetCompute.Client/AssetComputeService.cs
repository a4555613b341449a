using System.Text.Json;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Serialization;
using Polly.Timeout;

namespace AssetCompute.Client;

/// <summary>The three operations of the HTTP API. Everything that holds for each request is in the handlers of the HTTP client.</summary>
internal sealed class AssetComputeService : IAssetComputeClient
{
    private readonly HttpClient _http;
    private readonly Func<Uri> _endpoint;
    private readonly AllowedHosts _allowedHosts;
    private readonly TimeProvider _timeProvider;
    private Urls? _urls;

    public AssetComputeService(HttpClient http, Func<Uri> endpoint, AllowedHosts allowedHosts, TimeProvider timeProvider)
    {
        _http = http;
        _endpoint = endpoint;
        _allowedHosts = allowedHosts;
        _timeProvider = timeProvider;
    }

    public Task<RegisterResult> RegisterAsync(CancellationToken cancellationToken = default) =>
        SendAsync(NewOperation(OperationKind.Register, CurrentUrls.Register, requestId: null), body: null, ReadRegistration, cancellationToken);

    public async Task<UnregisterResult> UnregisterAsync(CancellationToken cancellationToken = default)
    {
        HttpOperation operation = NewOperation(OperationKind.Unregister, CurrentUrls.Unregister, requestId: null);
        try
        {
            return await SendAsync(
                operation,
                body: null,
                static answer =>
                {
                    answer.EnsureAccepted();
                    return new UnregisterResult { RequestId = answer.RequestId };
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (AssetComputeNotRegisteredException exception) when (operation.MayHaveBeenDone)
        {
            // An attempt whose answer was lost had ended the registration already.
            return new UnregisterResult { RequestId = exception.RequestId ?? operation.RequestId! };
        }
    }

    public Task<ProcessResult> ProcessAsync(ProcessRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(request);
            ProcessRequestValidator.Validate(request);
            return SendAsync(
                NewOperation(OperationKind.Process, CurrentUrls.Process, request.RequestId),
                JsonSerializer.SerializeToUtf8Bytes(request, AssetComputeJsonContext.Default.ProcessRequest),
                static answer =>
                {
                    answer.EnsureAccepted();
                    return new ProcessResult { RequestId = answer.RequestId };
                },
                cancellationToken);
        }
        catch (Exception exception)
        {
            // In the task, as every error of the call: this is one method less to suspend for each call, not another way to fail.
            return Task.FromException<ProcessResult>(exception);
        }
    }

    private Urls CurrentUrls
    {
        get
        {
            Uri endpoint = _endpoint();
            Urls? urls = Volatile.Read(ref _urls);
            if (urls is null || !ReferenceEquals(urls.Endpoint, endpoint))
            {
                urls = new Urls(endpoint);
                Volatile.Write(ref _urls, urls);
            }

            return urls;
        }
    }

    private RegisterResult ReadRegistration(ServiceAnswer answer)
    {
        answer.EnsureAccepted();
        if (answer.Body?.Journal is not { } journal)
        {
            throw answer.CreateException("The answer names no journal. It may come from a proxy on the way: check the endpoint.");
        }

        if (!Uri.TryCreate(journal, UriKind.Absolute, out Uri? url) || !SecureUrl.IsValid(url))
        {
            throw answer.CreateException("The journal in the answer is not an https URL, so it cannot be read safely.");
        }

        _allowedHosts.Allow(url);
        return new RegisterResult { Journal = url, RequestId = answer.RequestId };
    }

    private HttpOperation NewOperation(OperationKind kind, Uri url, string? requestId) => new(kind, url, requestId ?? Guid.NewGuid().ToString(), _timeProvider);

    private async Task<T> SendAsync<T>(HttpOperation operation, byte[]? body, Func<ServiceAnswer, T> read, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, operation.Url);
        operation.AttachTo(request);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        request.Headers.TryAddWithoutValidation("x-request-id", operation.RequestId);
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            BoundedBody answer = await BoundedBody.ReadAsync(response, _timeProvider, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw ResponseErrors.Create(response, answer, operation, operation.Attempts, operation.Elapsed);
            }

            return read(new ServiceAnswer(response, answer, operation));
        }
        catch (ObjectDisposedException)
        {
            // Of a pipeline or a connection, of which the caller knows nothing.
            throw new ObjectDisposedException(nameof(AssetComputeClient));
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is HttpRequestException or IOException or TimeoutRejectedException)
        {
            // What a cancelled request breaks with on its way is the network's secret; the caller asked for one thing only.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && ResponseErrors.Create(exception, operation) is { } error)
        {
            throw error;
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>The URLs of the operations, built once for each endpoint that the options have named.</summary>
    private sealed class Urls(Uri endpoint)
    {
        public Uri Endpoint { get; } = endpoint;

        public Uri Register { get; } = Resolve(endpoint, "register");

        public Uri Unregister { get; } = Resolve(endpoint, "unregister");

        public Uri Process { get; } = Resolve(endpoint, "process");

        private static Uri Resolve(Uri endpoint, string path) => new(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + path);
    }
}
