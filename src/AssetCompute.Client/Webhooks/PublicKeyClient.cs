using System.Net;
using System.Text;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;

namespace AssetCompute.Client.Webhooks;

/// <summary>Fetches keys from the one host that is pinned. Never fails: what goes wrong is in the answer.</summary>
internal sealed class PublicKeyClient(HttpClient http, Uri endpoint, TimeProvider timeProvider)
{
    /// <summary>Two keys are fetched side by side, and Adobe waits for 10 seconds in all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <param name="path">A path that <see cref="PublicKeyPath"/> allows.</param>
    /// <param name="cancellationToken">Cancels the fetch.</param>
    public async Task<PublicKeyAnswer> FetchAsync(string path, CancellationToken cancellationToken)
    {
        Uri url = new(endpoint.GetLeftPart(UriPartial.Authority) + path);
        using CancellationTokenSource timeout = timeProvider.CreateCancellationTokenSource(Patience);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);

            // The SDK's own connections follow no redirects; those that a user brings might.
            if (response.RequestMessage?.RequestUri is { } asked && asked != url)
            {
                return PublicKeyAnswer.Unavailable("the key host redirects");
            }

            return response.StatusCode == HttpStatusCode.OK
                ? await ReadAsync(response, both.Token).ConfigureAwait(false)
                : Refused(response.StatusCode);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return PublicKeyAnswer.Unavailable("the key host did not answer in time");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, and handlers of the user's own may throw what they like: the other key may fit.
            return PublicKeyAnswer.Unavailable($"the key host {url.Authority} cannot be reached ({exception.GetType().Name})");
        }
    }

    /// <summary>Only a plain "there is none" is an answer. Anything else, a wall that forbids for a while among it, may be otherwise the next time, and the events would be lost for good.</summary>
    private static PublicKeyAnswer Refused(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone =>
            new PublicKeyAnswer(PublicKeyStatus.Missing, Reason: $"the key host answered {(int)status}"),
        _ => PublicKeyAnswer.Unavailable($"the key host answered {(int)status}"),
    };

    private async Task<PublicKeyAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        BoundedBody body = await BoundedBody.ReadAsync(response, timeProvider, cancellationToken).ConfigureAwait(false);
        if (body.IsCut)
        {
            return PublicKeyAnswer.Unavailable($"the key is larger than {BoundedBody.MaxBytes} bytes");
        }

        ArraySegment<byte> bytes = body.Segment;
        try
        {
            return new PublicKeyAnswer(PublicKeyStatus.Found, RsaPublicKey.Parse(Encoding.UTF8.GetString(bytes.Array!, bytes.Offset, bytes.Count)));
        }
        catch (FormatException exception)
        {
            return PublicKeyAnswer.Unavailable($"the key cannot be used: {exception.Message}");
        }
    }
}
