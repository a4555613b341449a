using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The endpoints of Adobe I/O Events for webhook receivers: public keys, and the validation URL.</summary>
internal sealed class WebhookEndpoints(WebhookKeys keys, EmulatorEventRegistrations registrations)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(WebhookKeys.PathPrefix + "{name}", KeyAsync).WithMetadata(new OperationMetadata(EmulatorOperation.WebhookKey));
        routes.MapGet("/csm/registrations/validate", ValidateAsync).WithMetadata(new OperationMetadata(EmulatorOperation.WebhookValidation));
    }

    private Task KeyAsync(HttpContext context) => keys.PublicKeyAt(context.Request.Path.Value!) is { } pem
        ? context.WriteTextAsync(StatusCodes.Status200OK, pem, "application/x-pem-file")
        : context.WriteTextAsync(StatusCodes.Status404NotFound, "There is no such key.");

    private Task ValidateAsync(HttpContext context)
    {
        var query = context.Request.Query;
        return registrations.Find(query["id"].ToString()) is { } registration && registration.Validate(query["challenge"].ToString())
            ? context.WriteTextAsync(StatusCodes.Status200OK, "The registration is valid.")
            : context.WriteTextAsync(StatusCodes.Status400BadRequest, "No registration waits for this challenge.");
    }
}
