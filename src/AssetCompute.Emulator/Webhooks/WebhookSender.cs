using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Sends a signed delivery attempt with the headers of Adobe I/O Events.</summary>
internal sealed class WebhookSender(HttpClient http, WebhookKeys keys, EmulatorWebhookOptions options)
{
    public WebhookKeys Keys => keys;

    /// <summary>Returns the status from the webhook, or the reason why there is no response.</summary>
    public async Task<(int? Status, string? Problem)> PostAsync(Uri webhook, WebhookDelivery delivery, int retryCount, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook);
        var headers = request.Headers;
        headers.Add("x-adobe-delivery-id", delivery.Id);
        headers.Add("x-adobe-event-code", delivery.Events[0].Code);
        if (!delivery.IsBatch)
        {
            headers.Add("x-adobe-event-id", delivery.Events[0].Id);
        }

        headers.Add("x-adobe-provider", "aem");
        foreach (var (index, (signature, path)) in keys.Sign(delivery.Body).Index())
        {
            headers.Add($"x-adobe-digital-signature-{index + 1}", signature);
            headers.Add($"x-adobe-public-key{index + 1}-path", path);
        }

        if (retryCount > 0)
        {
            headers.Add("x-adobe-retry-count", retryCount.ToString(CultureInfo.InvariantCulture));
        }

        request.Content = Json(delivery.Body);
        return await SendAsync(request, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a challenge to a webhook. The response must contain the challenge.</summary>
    /// <returns>What is wrong with the response; null if it contains the challenge.</returns>
    public async Task<string?> ChallengeAsync(Uri webhook, string challenge, CancellationToken cancellationToken)
    {
        var url = new UriBuilder(webhook) { Query = $"{webhook.Query.TrimStart('?')}{(webhook.Query.Length > 1 ? "&" : "")}challenge={challenge}" };
        using var request = new HttpRequestMessage(HttpMethod.Get, url.Uri);
        var body = "";
        var (status, problem) = await SendAsync(request, async content => body = await content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return status != (int)HttpStatusCode.OK ? problem ?? $"The challenge was answered {status}."
            : IsMet(body, challenge) ? null
            : "The answer to the challenge is not the challenge.";
    }

    /// <summary>Sends the URL that confirms the registration when somebody opens it.</summary>
    public async Task<(int? Status, string? Problem)> PostValidationUrlAsync(Uri webhook, Uri validationUrl, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook);
        request.Content = Json(JsonText.ToBytes(new JsonObject { ["validationUrl"] = validationUrl.AbsoluteUri }));
        return await SendAsync(request, null, cancellationToken).ConfigureAwait(false);
    }

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf-8") } };

    /// <summary>Whether a response is the challenge: as plain text, as a JSON string, or as a member of a JSON object.</summary>
    private static bool IsMet(string body, string challenge)
    {
        if (body.Trim() == challenge)
        {
            return true;
        }

        try
        {
            var json = JsonNode.Parse(body);
            return json.StringOf() == challenge || (json as JsonObject)?["challenge"].StringOf() == challenge;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task<(int? Status, string? Problem)> SendAsync(HttpRequestMessage request, Func<HttpContent, Task>? read, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("user-agent", "Adobe/1.0");
        request.Headers.Add("x-request-id", Guid.NewGuid().ToString("N"));

        // Receivers run in real time, regardless of the emulator's clock.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Timeout);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
            await (read?.Invoke(response.Content) ?? Task.CompletedTask).WaitAsync(timeout.Token).ConfigureAwait(false);
            return ((int)response.StatusCode, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"No answer within {options.Timeout.TotalSeconds:0.###} s.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, exception.InnerException?.Message ?? exception.Message);
        }
    }
}
