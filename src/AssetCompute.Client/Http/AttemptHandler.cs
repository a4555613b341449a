using System.Diagnostics;
using System.Net.Http.Headers;
using AssetCompute.Client.Diagnostics;

namespace AssetCompute.Client.Http;

/// <summary>
/// Sends each attempt as a message of its own, so that what handlers further in do to one is not seen by the next; counts it, and reads its answer.
/// </summary>
/// <param name="account">The account's name, which is told only where it has one.</param>
/// <param name="buffersBody">
/// Whether the body is read within the attempt, so that a body that breaks off or drips counts as the failure of the attempt that it is.
/// </param>
/// <param name="timeProvider">The clock.</param>
/// <param name="unmarkedKind">What requests are for that carry no operation; null to let them pass as they are.</param>
internal sealed class AttemptHandler(string account, bool buffersBody, TimeProvider timeProvider, OperationKind? unmarkedKind = null) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpOperation? operation = HttpOperation.Of(request);
        if (operation is null && unmarkedKind is { } kind)
        {
            operation = new HttpOperation(kind, request.RequestUri, requestId: null, timeProvider);
            operation.AttachTo(request);
        }

        HttpRequestMessage attempt = await CopyAsync(request).ConfigureAwait(false);
        if (operation is null)
        {
            return await base.SendAsync(attempt, cancellationToken).ConfigureAwait(false);
        }

        operation.CountAttempt();
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(attempt, cancellationToken).ConfigureAwait(false);
            if (buffersBody)
            {
                BoundedBody body = await BoundedBody.ReadAsync(response, timeProvider, cancellationToken).ConfigureAwait(false);
                response.Content = new BufferedContent(body, response.Content);
            }

            Record(operation, (int)response.StatusCode, response.IsSuccessStatusCode ? null : FailureName.Of((int)response.StatusCode));
            return response;
        }
        catch (Exception exception)
        {
            response?.Dispose();
            Exception failure = cancellationToken.IsCancellationRequested ? exception : TransportFailure.Unified(exception);
            Record(operation, statusCode: null, FailureName.Of(failure));
            if (ReferenceEquals(failure, exception))
            {
                throw;
            }

            throw failure;
        }
    }

    private static async ValueTask<HttpRequestMessage> CopyAsync(HttpRequestMessage request)
    {
        HttpRequestMessage copy = new(request.Method, request.RequestUri) { Version = request.Version };
#if NETSTANDARD2_0
        foreach (KeyValuePair<string, object> property in request.Properties)
        {
            copy.Properties.Add(property);
        }
#else
        copy.VersionPolicy = request.VersionPolicy;
        foreach (KeyValuePair<string, object?> option in request.Options)
        {
            ((IDictionary<string, object?>)copy.Options).Add(option);
        }
#endif
        CopyHeaders(request.Headers, copy.Headers);
        if (request.Content is { } content)
        {
            copy.Content = new ByteArrayContent(await content.ReadAsByteArrayAsync().ConfigureAwait(false));
            CopyHeaders(content.Headers, copy.Content.Headers);
        }

        return copy;
    }

    /// <summary>Copies headers as they are, valid or not.</summary>
    internal static void CopyHeaders(HttpHeaders from, HttpHeaders to)
    {
#if NETSTANDARD2_0
        foreach (KeyValuePair<string, IEnumerable<string>> header in from)
#else
        foreach (KeyValuePair<string, HeaderStringValues> header in from.NonValidated)
#endif
        {
            to.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    private void Record(HttpOperation operation, int? statusCode, string? failure)
    {
        TagList tags = TelemetryTags.OfAccount(account);
        if (statusCode is { } status)
        {
            tags.Add(TelemetryTags.HttpResponseStatusCode, status);
        }

        if (failure is not null)
        {
            tags.Add(TelemetryTags.ErrorType, failure);
        }

        if (operation.Kind is OperationKind.GetToken)
        {
            ClientDiagnostics.TokenFetches.Add(1, tags);
        }
        else
        {
            tags.Add(TelemetryTags.Operation, operation.TelemetryName);
            ClientDiagnostics.Attempts.Add(1, tags);
        }
    }
}
