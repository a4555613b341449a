using AssetCompute.Client.Http;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client;

/// <summary>The three operations of the HTTP API. Everything that holds for each request is in the handlers of the HTTP client.</summary>
internal sealed class AssetComputeService : IAssetComputeClient
{
    private readonly HttpClient _http;
    private readonly TimeProvider _timeProvider;
    private readonly Uri _register;
    private readonly Uri _unregister;
    private readonly Uri _process;

    public AssetComputeService(HttpClient http, Uri endpoint, TimeProvider timeProvider)
    {
        _http = http;
        _timeProvider = timeProvider;
        _register = Resolve(endpoint, "register");
        _unregister = Resolve(endpoint, "unregister");
        _process = Resolve(endpoint, "process");
    }

    public async Task<RegisterResult> RegisterAsync(CancellationToken cancellationToken = default)
    {
        HttpOperation operation = NewOperation(OperationKind.Register, requestId: null);
        using ServiceAnswer answer = await SendAsync(operation, _register, content: null, cancellationToken).ConfigureAwait(false);
        if (answer.Body?.Journal is not { } journal)
        {
            throw answer.Complain("The answer names no journal. It may come from a proxy on the way: check the endpoint.");
        }

        if (!Uri.TryCreate(journal, UriKind.Absolute, out Uri? url) || !Endpoints.MayCarryCredentials(url))
        {
            throw answer.Complain("The journal in the answer is not an https URL, so it cannot be read safely.");
        }

        return new RegisterResult(url, answer.RequestId);
    }

    public async Task<UnregisterResult> UnregisterAsync(CancellationToken cancellationToken = default)
    {
        HttpOperation operation = NewOperation(OperationKind.Unregister, requestId: null);
        try
        {
            using ServiceAnswer answer = await SendAsync(operation, _unregister, content: null, cancellationToken).ConfigureAwait(false);
            answer.DemandAcceptance();
            return new UnregisterResult(answer.RequestId);
        }
        catch (AssetComputeNotRegisteredException exception) when (operation.MayHaveBeenDone)
        {
            // An attempt whose answer was lost had ended the registration already.
            return new UnregisterResult(exception.RequestId ?? operation.RequestId!);
        }
    }

    public async Task<ProcessResult> ProcessAsync(ProcessRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using HttpContent content = ProcessRequestBody.Create(request);
        HttpOperation operation = NewOperation(OperationKind.Process, request.RequestId);
        using ServiceAnswer answer = await SendAsync(operation, _process, content, cancellationToken).ConfigureAwait(false);
        answer.DemandAcceptance();
        return new ProcessResult(answer.RequestId);
    }

    private static Uri Resolve(Uri endpoint, string path) => new(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + path);

    private HttpOperation NewOperation(OperationKind kind, string? requestId) => new(kind, requestId ?? Guid.NewGuid().ToString(), _timeProvider);

    private async Task<ServiceAnswer> SendAsync(HttpOperation operation, Uri url, HttpContent? content, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = content };
        request.Headers.TryAddWithoutValidation("x-request-id", operation.RequestId);
        operation.AttachTo(request);
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            BoundedBody body = await BoundedBody.ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
            ServiceAnswer answer = new(response, body, operation);
            if (!response.IsSuccessStatusCode)
            {
                throw ResponseErrors.Create(response, body, operation, operation.Attempts, operation.Elapsed);
            }

            response = null;
            return answer;
        }
        catch (Exception exception) when (exception is not AssetComputeException && !cancellationToken.IsCancellationRequested && ResponseErrors.Create(exception, operation) is { } error)
        {
            throw error;
        }
        finally
        {
            response?.Dispose();
        }
    }
}
