using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>
/// The endpoint that custom workers based on Adobe's SDK send their events to. The SDK hard-codes the host of Adobe's ingress, but the <c>webhookUrl</c> of a
/// service account can specify another one. The calls are authenticated by their signature instead of a token.
/// </summary>
internal sealed class WorkerWebhook(ClientDirectory clients, WorkerSigningKey key, EventIngress ingress, NetworkPolicy policy)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(CustomWorkers.WebhookPath, ReceiveAsync).WithMetadata(new OperationMetadata(EmulatorOperation.WorkerEvent), ErrorForm.Text);

    private async Task ReceiveAsync(HttpContext context)
    {
        var body = await context.Request.ReadBytesAsync().ConfigureAwait(false);
        var headers = context.Request.Headers;
        if (!key.Verifies(body, headers["x-ac-hmac-signature"].ToString()))
        {
            throw new Refusal(StatusCodes.Status401Unauthorized, "The signature (x-ac-hmac-signature) is missing, or not that of the body.");
        }

        if (clients.Find(headers["x-api-key"].ToString()) is not { } client || headers["x-ims-org-id"] != client.OrganizationId)
        {
            throw new Refusal(StatusCodes.Status403Forbidden, "The API key (x-api-key) is not known, or the organization (x-ims-org-id) is not the client's.");
        }

        var json = JsonText.Read(body) as JsonObject;
        var @event = json?["event"] as JsonObject ?? throw new FormatException("'event' is not a JSON object.");
        if (@event["source"].StringOf() is { } source && Uri.TryCreate(source, UriKind.Absolute, out var url))
        {
            // The worker got the HTTPS version of a URL that the client requested over HTTP.
            var asked = policy.AddressOf(url);
            @event["source"] = asked == url ? source : asked.AbsoluteUri;
        }

        var isTaken = await ingress.TakeAsync(client, @event, context.RequestAborted).ConfigureAwait(false);
        await context.WriteTextAsync(isTaken ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, isTaken ? "OK" : "Nobody is registered.").ConfigureAwait(false);
    }
}
