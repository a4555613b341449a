using System.Text.Json;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Serialization;
using Polly.Timeout;

namespace AssetCompute.Client;

/// <summary>The three operations of the HTTP API. The handlers of the HTTP client do the work that applies to every request.</summary>
internal sealed class AssetComputeService(HttpClient http, Func<Uri> endpoint, AllowedHosts allowedHosts, Func<bool> isDisposed, TimeProvider timeProvider) : IAssetComputeClient
{
    public async Task<RegisterResult> RegisterAsync(CancellationToken cancellationToken = default)
    {
        Answer answer = await SendAsync(NewOperation(OperationKind.Register), cancellationToken).ConfigureAwait(false);
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

    public async Task<UnregisterResult> UnregisterAsync(CancellationToken cancellationToken = default)
    {
        HttpOperation operation = NewOperation(OperationKind.Unregister);
        try
        {
            return new UnregisterResult { RequestId = (await SendAsync(operation, cancellationToken).ConfigureAwait(false)).RequestId };
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
        Answer answer = await SendAsync(NewOperation(OperationKind.Process, request.RequestId, body), cancellationToken).ConfigureAwait(false);
        return new ProcessResult { RequestId = answer.RequestId };
    }

    private HttpOperation NewOperation(OperationKind kind, string? requestId = null, byte[]? body = null) =>
        new(kind, new Uri(endpoint().GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + kind.TelemetryName), requestId ?? Guid.NewGuid().ToString(), timeProvider) { Body = body };

    private async Task<Answer> SendAsync(HttpOperation operation, CancellationToken cancellationToken)
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
            Answer answer = new(requestId ?? parsed?.RequestId ?? operation.RequestId!, parsed, complaint => ResponseErrors.Create(response, content, operation, complaint));

            // The page of a proxy has status 200 too.
            return parsed is { Ok: false } ? throw answer.CreateException("The body says that it was not done (\"ok\": false).")
                : parsed is null && !(content.IsEmpty && requestId is not null) ? throw answer.CreateException("The body is not the JSON of the service. It may come from a proxy on the way: check the endpoint.")
                : answer;
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

    /// <param name="RequestId">The id of the request in the service.</param>
    /// <param name="Body">The fields of the body; null if it is not a complete JSON object.</param>
    /// <param name="CreateException">Creates the exception for an unexpected body.</param>
    private sealed record Answer(string RequestId, AnswerBody? Body, Func<string, AssetComputeException> CreateException);
}
