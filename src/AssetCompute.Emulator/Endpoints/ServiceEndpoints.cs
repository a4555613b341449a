using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The HTTP API: <c>/register</c>, <c>/unregister</c>, <c>/process</c>.</summary>
internal sealed class ServiceEndpoints(Gateway gateway, Registrations registrations, JobQueue jobs, NetworkPolicy policy, TimeProvider clock)
{
    private const string Scope = "asset_compute";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/register", context => AnswerAsync(context, RegisterAsync)).WithMetadata(new OperationMetadata(EmulatorOperation.Register));
        routes.MapPost("/unregister", context => AnswerAsync(context, UnregisterAsync)).WithMetadata(new OperationMetadata(EmulatorOperation.Unregister));
        routes.MapPost("/process", context => AnswerAsync(context, ProcessAsync)).WithMetadata(new OperationMetadata(EmulatorOperation.Process));
    }

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, EmulatorClient, Task> answer)
    {
        if (await gateway.AdmitAsync(context, Gateway.ServiceOrganizationHeaders, Scope).ConfigureAwait(false) is { } client)
        {
            await answer(context, client).ConfigureAwait(false);
        }
    }

    private Task RegisterAsync(HttpContext context, EmulatorClient client)
    {
        var journal = registrations.Register(client);
        var origin = $"{context.Request.Scheme}://{context.Request.Host}";
        return context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject
        {
            ["ok"] = true,
            ["journal"] = origin + journal.Registration.JournalPath,
            ["requestId"] = RequestIdentity.Of(context),
        });
    }

    private Task UnregisterAsync(HttpContext context, EmulatorClient client)
    {
        // "ok" is true in both cases: so it stands in the documentation.
        var status = registrations.Unregister(client.ClientId) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        return context.WriteJsonAsync(status, new JsonObject { ["ok"] = true, ["requestId"] = RequestIdentity.Of(context) });
    }

    private async Task ProcessAsync(HttpContext context, EmulatorClient client)
    {
        JsonObject request;
        long bytes;
        try
        {
            (request, bytes) = await ProcessRequest.ReadAsync(context.Request.Body, policy, context.RequestAborted).ConfigureAwait(false);
        }
        catch (FormatException malformed)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, malformed.Message).ConfigureAwait(false);
            return;
        }
        catch (BadHttpRequestException tooLarge)
        {
            await RefuseAsync(context, tooLarge.StatusCode, tooLarge.Message).ConfigureAwait(false);
            return;
        }

        if (registrations.OfClient(client.ClientId) is null)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "The client is not registered: call /register first.").ConfigureAwait(false);
            return;
        }

        jobs.Accept(new Job(client.ClientId, RequestIdentity.Of(context), request, clock.GetUtcNow()) { RequestBytes = bytes });
        await context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject { ["ok"] = true, ["requestId"] = RequestIdentity.Of(context) }).ConfigureAwait(false);
    }

    private static Task RefuseAsync(HttpContext context, int status, string message) =>
        context.WriteJsonAsync(status, new JsonObject
        {
            ["ok"] = false,
            ["requestId"] = RequestIdentity.Of(context),
            ["message"] = message,
        });
}
