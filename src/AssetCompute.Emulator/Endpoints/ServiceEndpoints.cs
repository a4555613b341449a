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
        void Map(string path, EmulatorOperation operation, Func<HttpContext, EmulatorClient, Task> answer) => routes
            .MapPost(path, gateway.Admit(Gateway.ServiceOrganizationHeaders, answer, Scope)).WithMetadata(new OperationMetadata(operation), ErrorForm.Service);

        Map("/register", EmulatorOperation.Register, RegisterAsync);
        Map("/unregister", EmulatorOperation.Unregister, UnregisterAsync);
        Map("/process", EmulatorOperation.Process, ProcessAsync);
    }

    private Task RegisterAsync(HttpContext context, EmulatorClient client) => context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject
    {
        ["ok"] = true,
        ["journal"] = new Uri(context.Request.Origin(), registrations.Register(client).Registration.JournalPath).AbsoluteUri,
        ["requestId"] = context.TraceIdentifier,
    });

    private Task UnregisterAsync(HttpContext context, EmulatorClient client)
    {
        // "ok" is true in both cases, as in the documentation.
        var status = registrations.Unregister(client.ClientId) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        return context.WriteJsonAsync(status, new JsonObject { ["ok"] = true, ["requestId"] = context.TraceIdentifier });
    }

    private async Task ProcessAsync(HttpContext context, EmulatorClient client)
    {
        var (request, bytes) = await ProcessRequest.ReadAsync(context.Request, policy).ConfigureAwait(false);
        if (registrations.OfClient(client.ClientId) is null)
        {
            throw new Refusal(StatusCodes.Status404NotFound, "The client is not registered: call /register first.");
        }

        jobs.Accept(new Job(client.ClientId, context.TraceIdentifier, request, clock.GetUtcNow()) { RequestBytes = bytes });
        await context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject { ["ok"] = true, ["requestId"] = context.TraceIdentifier }).ConfigureAwait(false);
    }
}
