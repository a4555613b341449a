using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>
/// The endpoints that custom workers send their events to. An event goes to the journal of the worker's client. <c>POST /api/events</c> is that of Adobe I/O
/// Events, with the event as base64 or as an object. Adobe's SDK hard-codes the host of that endpoint, but the <c>webhookUrl</c> of a service account can
/// specify another one, whose calls are authenticated by their signature instead of a token.
/// </summary>
internal sealed class WorkerEvents(Gateway gateway, ClientDirectory clients, WorkerSigningKey key, Registrations registrations, JobQueue jobs, NetworkPolicy policy)
{
    private const string ProviderPrefix = "asset_compute_";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/events", gateway.Admit(Gateway.JournalOrganizationHeaders, ReceiveAsync)).WithMetadata(new OperationMetadata(EmulatorOperation.WorkerEvent), ErrorForm.Text);
        routes.MapPost(CustomWorkers.WebhookPath, ReceiveSignedAsync).WithMetadata(new OperationMetadata(EmulatorOperation.WorkerEvent), ErrorForm.Text);
    }

    private async Task ReceiveAsync(HttpContext context, EmulatorClient client)
    {
        var body = await context.Request.ReadObjectAsync().ConfigureAwait(false);
        if (body["provider_id"].StringOf() is { } provider && provider != $"{ProviderPrefix}{client.OrganizationId}_{client.ClientId}")
        {
            throw new FormatException("'provider_id' is not the client's.");
        }

        var @event = body["event"].StringOf() is { } base64 ? JsonText.Read(Convert.FromBase64String(base64)) : body["event"];
        if (await TakeAsync(client, @event as JsonObject ?? throw new FormatException("'event' is neither base64 of a JSON object nor a JSON object."), context.RequestAborted).ConfigureAwait(false))
        {
            await context.WriteTextAsync(StatusCodes.Status200OK, "OK").ConfigureAwait(false);
            return;
        }

        // Adobe's status for "accepted, but nobody is registered". Adobe's workers treat it as a failure and retry.
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task ReceiveSignedAsync(HttpContext context)
    {
        var body = await context.Request.ReadBytesAsync().ConfigureAwait(false);
        var headers = context.Request.Headers;
        if (!key.Verifies(body, headers["x-ac-hmac-signature"].ToString()))
        {
            throw new Refusal(StatusCodes.Status401Unauthorized, "The signature (x-ac-hmac-signature) is missing, or does not match the body.");
        }

        if (clients.Find(headers["x-api-key"].ToString()) is not { } client || headers["x-ims-org-id"] != client.OrganizationId)
        {
            throw new Refusal(StatusCodes.Status403Forbidden, "The API key (x-api-key) is not known, or the organization (x-ims-org-id) is not the client's.");
        }

        var @event = (JsonText.Read(body) as JsonObject)?["event"] as JsonObject ?? throw new FormatException("'event' is not a JSON object.");
        if (@event["source"].StringOf() is { } source && Uri.TryCreate(source, UriKind.Absolute, out var url))
        {
            // The worker got the HTTPS version of a URL that the client requested over HTTP.
            var asked = policy.AddressOf(url);
            @event["source"] = asked == url ? source : asked.AbsoluteUri;
        }

        var isTaken = await TakeAsync(client, @event, context.RequestAborted).ConfigureAwait(false);
        await context.WriteTextAsync(isTaken ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, isTaken ? "OK" : "No client is registered.").ConfigureAwait(false);
    }

    /// <summary>Adds an event to the journal of its client.</summary>
    /// <returns>Whether the client is registered.</returns>
    private async Task<bool> TakeAsync(EmulatorClient client, JsonObject @event, CancellationToken cancellationToken)
    {
        var json = JsonText.ToBytes(@event);
        if (registrations.OfClient(client.ClientId) is not { } journal)
        {
            return false;
        }

        await jobs.ReceivedAsync(@event, json, cancellationToken).ConfigureAwait(false);
        journal.Append(json);
        return true;
    }
}
