using System.Text.Json;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Http.Throttling;
using AssetCompute.Client.Serialization;
using Polly.Timeout;

namespace AssetCompute.Client;

/// <summary>The three operations of the HTTP API. The handlers of the HTTP client do the work that applies to every request.</summary>
internal sealed class AssetComputeService(HttpClient http, Func<Uri> endpoint, AllowedHosts allowedHosts, ThrottleQueue throttle, TimeProvider timeProvider) : IAssetComputeClient
{
    public async Task<RegisterResult> RegisterAsync(CancellationToken cancellationToken = default)
    {
        Uri? journal = null;
        string requestId = await SendAsync(
            NewOperation(OperationKind.Register),
            answer => answer?.Journal is not { } named ? "The answer names no journal. It may come from a proxy on the way: check the endpoint."
                : !Uri.TryCreate(named, UriKind.Absolute, out journal) || !SecureUrl.IsValid(journal) ? "The journal in the answer is not an https URL, so it cannot be read safely."
                : null,
            cancellationToken).ConfigureAwait(false);
        allowedHosts.Allow(journal!);
        return new RegisterResult { Journal = journal!, RequestId = requestId };
    }

    public async Task<UnregisterResult> UnregisterAsync(CancellationToken cancellationToken = default)
    {
        HttpOperation operation = NewOperation(OperationKind.Unregister);
        try
        {
            return new UnregisterResult { RequestId = await SendAsync(operation, complain: null, cancellationToken).ConfigureAwait(false) };
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
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(request, AssetComputeJsonContext.Default.ProcessRequest);
        HttpOperation operation = NewOperation(OperationKind.Process, request.RequestId, body);
        return new ProcessResult { RequestId = await SendAsync(operation, complain: null, cancellationToken).ConfigureAwait(false) };
    }

    private HttpOperation NewOperation(OperationKind kind, string? requestId = null, byte[]? body = null) =>
        new(kind, new Uri(endpoint().GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + kind.TelemetryName), requestId ?? Guid.NewGuid().ToString(), timeProvider) { Body = body };

    /// <param name="operation">The operation.</param>
    /// <param name="complain">Returns what is wrong with the body of a successful answer, or null. The body is null if it is not a complete JSON object.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The id of the request in the service.</returns>
    private async Task<string> SendAsync(HttpOperation operation, Func<AnswerBody?, string?>? complain, CancellationToken cancellationToken)
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

            // The id that the service and its events use can differ from the one that was sent.
            string? requestId = ResponseErrors.RequestIdOf(response);
            AnswerBody? parsed = content.ToAnswer();

            // The page of a proxy has status 200 too.
            string? complaint = parsed is { Ok: false } ? "The body says that it was not done (\"ok\": false)."
                : parsed is null && !(content.IsEmpty && requestId is not null) ? "The body is not the JSON of the service. It may come from a proxy on the way: check the endpoint."
                : complain?.Invoke(parsed);
            return complaint is null ? requestId ?? parsed?.RequestId ?? operation.RequestId! : throw ResponseErrors.Create(response, content, operation, complaint);
        }
        catch (ObjectDisposedException) when (throttle.IsDisposed)
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
}
