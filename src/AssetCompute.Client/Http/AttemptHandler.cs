using System.IO.Compression;
using System.Net.Http.Headers;
using AssetCompute.Client.Diagnostics;
using AssetCompute.Client.Http.Resilience;

namespace AssetCompute.Client.Http;

/// <summary>
/// Sends each attempt as a separate message, so that a change by an inner handler does not affect the next attempt. Counts the attempt, decodes its response and reads it.
/// </summary>
/// <param name="account">The name of the account.</param>
/// <param name="buffersBody">Whether the body is read within the attempt, so that a body that breaks off or stalls is a failure of the attempt.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class AttemptHandler(string account, bool buffersBody, TimeProvider timeProvider) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpOperation? operation = HttpOperation.Of(request);
        if (operation is null)
        {
            // Authentication does not know about operations.
            operation = new HttpOperation(OperationKind.GetToken, request.RequestUri, requestId: null, timeProvider);
            operation.AttachTo(request);
        }

        byte[]? body = operation.Body ?? (request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false) : null);
        HttpRequestMessage attempt = Copy(request, body);
        operation.CountAttempt();
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(attempt, cancellationToken).ConfigureAwait(false);
            if (response.Content?.Headers.ContentEncoding.Count > 0)
            {
                await DecodeAsync(response, operation, cancellationToken).ConfigureAwait(false);
            }

            if (buffersBody)
            {
                response.Content = await BoundedContent.ReadAsync(response, timeProvider, cancellationToken).ConfigureAwait(false);
            }

            Record(operation, (int)response.StatusCode, Failure.NameOf(response));
            return response;
        }
        catch (Exception exception)
        {
            response?.Dispose();
            Exception failure = cancellationToken.IsCancellationRequested ? exception : Failure.Unify(exception);
            Record(operation, (int?)(exception as AssetComputeException)?.StatusCode, Failure.NameOf(failure));
            if (failure != exception)
            {
                throw failure;
            }

            throw;
        }
    }

    /// <summary>
    /// Decodes a body that the connection has left encoded. The connection removes the encodings that it supports from the header, but does not support
    /// <c>x-gzip</c>, the older name of <c>gzip</c>. A body in another encoding is left out.
    /// </summary>
    /// <exception cref="AssetComputeException">The response is successful, and its encoding is unknown.</exception>
    private async ValueTask DecodeAsync(HttpResponseMessage response, HttpOperation operation, CancellationToken cancellationToken)
    {
        HttpContent encoded = response.Content;
        string[] encodings = [.. encoded.Headers.ContentEncoding.Select(static encoding => encoding.ToLowerInvariant()).Where(static encoding => encoding != "identity")];
        if (encodings is ["gzip" or "x-gzip"])
        {
            response.Content = new StreamContent(new GZipStream(await encoded.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), CompressionMode.Decompress));
            CopyHeaders(encoded.Headers, response.Content.Headers);
            response.Content.Headers.ContentEncoding.Clear();
            response.Content.Headers.ContentLength = null;
        }
        else if (encodings.Length > 0)
        {
            response.Content = null;
            if (response.IsSuccessStatusCode)
            {
                throw ResponseErrors.Create(
                    response,
                    await BoundedContent.ReadAsync(response, timeProvider, cancellationToken).ConfigureAwait(false),
                    operation,
                    $"Its body has the content encoding '{RedactedText.Of(string.Join(", ", encoded.Headers.ContentEncoding), 100)}', which the request does not accept: check the proxies on the way.");
            }
        }
    }

    private static HttpRequestMessage Copy(HttpRequestMessage request, byte[]? body)
    {
        HttpRequestMessage copy = new(request.Method, request.RequestUri) { Version = request.Version };
#if !NETSTANDARD2_0
        copy.VersionPolicy = request.VersionPolicy;
#endif
        foreach (KeyValuePair<string, object?> option in request.Options)
        {
            ((IDictionary<string, object?>)copy.Options).Add(option);
        }

        CopyHeaders(request.Headers, copy.Headers);
        if (body is not null)
        {
            copy.Content = new ByteArrayContent(body);
            CopyHeaders(request.Content!.Headers, copy.Content.Headers);
        }

        return copy;
    }

    /// <summary>Copies headers without parsing them.</summary>
    internal static void CopyHeaders(HttpHeaders from, HttpHeaders to)
    {
        foreach (var header in from.NonValidated)
        {
#if !NETSTANDARD2_0
            // Most headers have one value, which needs no enumerator.
            if (header.Value.Count == 1)
            {
                to.TryAddWithoutValidation(header.Key, header.Value.ToString());
                continue;
            }
#endif
            to.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    private void Record(HttpOperation operation, int? statusCode, string? failure)
    {
        bool isToken = operation.Kind == OperationKind.GetToken;
        (isToken ? ClientDiagnostics.TokenFetches : ClientDiagnostics.Attempts)
            .Add(1, TelemetryTags.Of(account, isToken ? null : operation.Kind.TelemetryName, statusCode, failure));
    }
}
