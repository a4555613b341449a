using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// Hands renditions to custom applications, with one call for all renditions of a request that name the same worker. The call contains what Adobe's service
/// sends. The worker responds immediately, uploads the renditions itself and sends its events later.
/// </summary>
internal sealed class CustomWorkers(
    HttpClient http, NetworkPolicy policy, ClientDirectory clients, AccessTokens tokens, WorkerSigningKey key, AssetComputeEmulatorOptions options, Func<Uri> origin)
{
    /// <summary>The path to which a worker based on Adobe's SDK sends its signed events.</summary>
    public const string WebhookPath = "/api/events/signed";

    private const string Scope = "openid,AdobeID,asset_compute,event_receiver,event_receiver_api";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <exception cref="RenditionFailure">The worker cannot be called, or does not accept the call.</exception>
    public async Task CallAsync(IReadOnlyList<RenditionTask> renditions, string worker, CancellationToken cancellationToken)
    {
        var job = renditions[0].Job;
        var url = new Uri(worker);
        RenditionFailure Failure(string what, Exception? cause = null) => RenditionFailure.Generic($"The worker {url.GetLeftPart(UriPartial.Path)} {what}", cause);
        if (policy.Refusal(url) is { } refusal)
        {
            throw Failure($"is not called: {refusal}.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        var client = clients.Find(job.ClientId)!;
        var token = tokens.Issue(client, Scope, options.TokenLifetime);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("x-gw-ims-org-id", client.OrganizationId);
        request.Headers.Add("x-gw-ims-org-name", client.OrganizationId);
        request.Headers.Add("x-app-name", client.ClientId);
        request.Headers.Add("x-request-id", job.RequestId);
        request.Content = new ByteArrayContent(JsonText.ToBytes(BodyOf(job, renditions, client, token)));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);

        // The worker runs in real time, regardless of the emulator's clock.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw Failure($"answered {(int)response.StatusCode}.");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"did not answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException exception)
        {
            throw Failure($"cannot be reached: {exception.Message}", exception);
        }
    }

    private JsonObject BodyOf(Job job, IReadOnlyList<RenditionTask> renditions, EmulatorClient client, string token)
    {
        var accepted = job.AcceptedAt.ToUnixTimeMilliseconds();
        return new JsonObject
        {
            ["source"] = Reachable(job.Source),
            ["renditions"] = new JsonArray([.. renditions.Select(rendition => Reachable(rendition.Instructions))]),
            ["userData"] = job.UserData?.DeepClone(),
            ["times"] = new JsonObject { ["gateway"] = accepted, ["process"] = accepted, ["core"] = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() },

            // Members that Adobe's SDK uses to send events to a host other than Adobe's.
            ["requestId"] = job.RequestId,
            ["customWorker"] = true,
            ["hmacPrivateKey"] = key.PrivateKey,
            ["auth"] = new JsonObject
            {
                ["accessToken"] = token,
                ["clientId"] = client.ClientId,
                ["appName"] = client.ClientId,
                ["orgId"] = client.OrganizationId,
                ["orgName"] = client.OrganizationId,
                ["isServiceAccount"] = true,
                ["webhookUrl"] = new Uri(origin(), WebhookPath).AbsoluteUri,
            },
        }.WithoutNulls();
    }

    /// <summary>Returns instructions in which URLs of the emulator's storage use HTTPS, if it is enabled. Adobe's SDK accepts no other URLs.</summary>
    private JsonNode? Reachable(JsonNode? node) => node switch
    {
        JsonObject instructions => new JsonObject(instructions.Select(member => KeyValuePair.Create(
            member.Key, member.Key == "userData" ? member.Value?.DeepClone() : Reachable(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Reachable)]),
        _ when node.StringOf() is { } text && Uri.TryCreate(text, UriKind.Absolute, out var url) && policy.IsOwn(url) => new Uri(origin(), url.PathAndQuery).AbsoluteUri,
        _ => node?.DeepClone(),
    };
}
