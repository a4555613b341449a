using System.Text.Json;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Serialization;
using Polly.Timeout;

namespace AssetCompute.Client;

/// <summary>The three operations of the HTTP API. The handlers of the HTTP client do the work that applies to every request.</summary>
internal sealed class AssetComputeService(HttpClient http, Func<Uri> endpoint, AllowedHosts allowedHosts, Func<bool> isDisposed, TimeProvider timeProvider) : IAssetComputeClient
{
    public Task<RegisterResult> RegisterAsync(CancellationToken cancellationToken = default) =>
        SendAsync(NewOperation(OperationKind.Register), ReadRegistration, cancellationToken);

    public async Task<UnregisterResult> UnregisterAsync(CancellationToken cancellationToken = default)
    {
        HttpOperation operation = NewOperation(OperationKind.Unregister);
        try
        {
            return await SendAsync(operation, static answer => new UnregisterResult { RequestId = answer.RequestId }, cancellationToken).ConfigureAwait(false);
        }
        catch (AssetComputeNotRegisteredException exception) when (operation.MayHaveBeenDone)
        {
            // An earlier attempt whose answer was lost has already ended the registration.
            return new UnregisterResult { RequestId = exception.RequestId ?? operation.RequestId! };
        }
    }

    public async Task<ProcessResult> ProcessAsync(ProcessRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ProcessRequestValidator.Validate(request);
        return await SendAsync(
            NewOperation(OperationKind.Process, request.RequestId, JsonSerializer.SerializeToUtf8Bytes(request, AssetComputeJsonContext.Default.ProcessRequest)),
            static answer => new ProcessResult { RequestId = answer.RequestId },
            cancellationToken).ConfigureAwait(false);
    }

    private RegisterResult ReadRegistration(Answer answer)
    {
        if (answer.Body?.Journal is not { } journal)
        {
            throw answer.CreateException("The answer names no journal. It may come from a proxy on the way: check the endpoint.");
        }

        if (!Uri.TryCreate(journal, UriKind.Absolute, out Uri? url) || !SecureUrl.IsValid(url))
        {
            throw answer.CreateException("The journal in the answer is not an https URL, so it cannot be read safely.");
        }

        allowedHosts.Allow(url);
        return new RegisterResult { Journal = url, RequestId = answer.RequestId };
    }

    private HttpOperation NewOperation(OperationKind kind, string? requestId = null, byte[]? body = null) =>
        new(kind, new Uri(endpoint().GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + kind.TelemetryName), requestId ?? Guid.NewGuid().ToString(), timeProvider) { Body = body };

    private async Task<T> SendAsync<T>(HttpOperation operation, Func<Answer, T> read, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, operation.Url);
        operation.AttachTo(request);
        if (operation.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        request.Headers.TryAddWithoutValidation("x-request-id", operation.RequestId);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            BoundedContent content = await BoundedContent.ReadAsync(response, timeProvider, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw ResponseErrors.Create(response, content, operation);
            }

            Answer answer = new(response, content, operation);
            answer.EnsureAccepted();
            return read(answer);
        }
        catch (ObjectDisposedException) when (isDisposed())
        {
            // The exception names a pipeline or a connection, which the caller does not know.
            throw new ObjectDisposedException(nameof(AssetComputeClient));
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is HttpRequestException or IOException or TimeoutRejectedException)
        {
            // A canceled request may fail in other ways. Report the cancellation.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && ResponseErrors.Create(exception, operation) is { } error)
        {
            throw error;
        }
    }

    /// <summary>A successful answer of the service, and its body.</summary>
    private sealed class Answer(HttpResponseMessage response, BoundedContent content, HttpOperation operation)
    {
        private readonly string? _requestId = ResponseErrors.RequestIdOf(response);

        /// <summary>The fields of the body; null if it is not a complete JSON object.</summary>
        public AnswerBody? Body { get; } = content.ToAnswer();

        /// <summary>The id that the service and its events use. It can differ from the one that was sent.</summary>
        public string RequestId => _requestId ?? Body?.RequestId ?? operation.RequestId!;

        /// <summary>Checks that the service itself has accepted the request: the page of a proxy has status 200 too.</summary>
        /// <exception cref="AssetComputeException">The service has not accepted the request.</exception>
        public void EnsureAccepted()
        {
            if (Body is { Ok: false })
            {
                throw CreateException("The body says that it was not done (\"ok\": false).");
            }

            if (Body is null && !(content.IsEmpty && _requestId is not null))
            {
                throw CreateException("The body is not the JSON of the service. It may come from a proxy on the way: check the endpoint.");
            }
        }

        /// <summary>Creates the exception for an answer with an unexpected body.</summary>
        public AssetComputeException CreateException(string complaint) => ResponseErrors.Create(response, content, operation, complaint);
    }
}
