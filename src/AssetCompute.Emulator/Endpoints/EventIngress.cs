using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>
/// The endpoint that custom workers send their events to, as at Adobe I/O Events: <c>POST /api/events</c>, with the event as base64 or as an object. The
/// event goes to the journal of the client that the provider id names.
/// </summary>
internal sealed class EventIngress(Gateway gateway, Registrations registrations, JobQueue jobs)
{
    private const string ProviderPrefix = "asset_compute_";

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/events", gateway.Admit(Gateway.JournalOrganizationHeaders, ReceiveAsync)).WithMetadata(new OperationMetadata(EmulatorOperation.WorkerEvent), ErrorForm.Text);

    private async Task ReceiveAsync(HttpContext context, EmulatorClient client)
    {
        var body = await context.Request.ReadObjectAsync().ConfigureAwait(false);
        if (body["provider_id"].StringOf() is { } provider && provider != $"{ProviderPrefix}{client.OrganizationId}_{client.ClientId}")
        {
            throw new FormatException("'provider_id' is not the client's.");
        }

        // Adobe's status for "accepted, but nobody is registered". Adobe's workers treat it as a failure and retry.
        var isTaken = await TakeAsync(client, EventOf(body["event"]), context.RequestAborted).ConfigureAwait(false);
        await (isTaken ? context.WriteTextAsync(StatusCodes.Status200OK, "OK") : TypedResults.NoContent().ExecuteAsync(context)).ConfigureAwait(false);
    }

    /// <summary>Adds a worker's event to the journal of its client.</summary>
    /// <returns>Whether the client is registered.</returns>
    public async Task<bool> TakeAsync(EmulatorClient client, JsonObject @event, CancellationToken cancellationToken)
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

    private static JsonObject EventOf(JsonNode? node)
    {
        var @event = node.StringOf() is { } base64 ? JsonText.Read(Convert.FromBase64String(base64)) : node?.DeepClone();
        return @event as JsonObject ?? throw new FormatException("'event' is neither base64 of a JSON object nor a JSON object.");
    }
}
