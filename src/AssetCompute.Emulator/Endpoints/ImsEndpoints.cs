using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>Adobe's sign-in: client credentials, the JWT exchange, validation and invalidation, with the units and errors of Adobe's documentation and clients.</summary>
internal sealed class ImsEndpoints(ClientDirectory clients, AccessTokens tokens, EmulatorFaults faults, AssetComputeEmulatorOptions options)
{
    /// <summary>The access token scopes for each metascope of a JWT, according to the documentation of the API.</summary>
    private static readonly Dictionary<string, string> ScopesOfMetaScope = new(StringComparer.Ordinal)
    {
        ["asset_compute_meta"] = "asset_compute,read_organizations",
        ["event_receiver_api"] = "event_receiver,event_receiver_api",
        ["ent_adobeio_sdk"] = "adobeio_api,additional_info.roles,additional_info.projectedProductContext",
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        void Map(EmulatorOperation operation, string[] methods, Func<HttpContext, JsonNode?> answer, params string[] paths)
        {
            foreach (var path in paths)
            {
                routes.MapMethods(path, methods, context => AnswerAsync(context, answer)).WithMetadata(new OperationMetadata(operation));
            }
        }

        Map(EmulatorOperation.Token, ["POST"], ClientCredentials, "/ims/token/v2", "/ims/token/v3", "/ims/token/v4");
        Map(EmulatorOperation.Token, ["POST"], ExchangeJwt, "/ims/exchange/jwt", "/ims/exchange/v1/jwt");
        Map(EmulatorOperation.Token, ["POST"], AuthorizationCode, "/ims/token/v1");
        Map(EmulatorOperation.TokenStatus, ["GET", "POST"], Validate, "/ims/validate_token/v1");
        Map(EmulatorOperation.TokenStatus, ["GET", "POST"], Invalidate, "/ims/invalidate_token/v2");
        Map(EmulatorOperation.TokenStatus, ["GET"], Organizations, "/ims/organizations/v4", "/ims/organizations/v5", "/ims/organizations/v6");
    }

    private static async Task AnswerAsync(HttpContext context, Func<HttpContext, JsonNode?> handle)
    {
        context.Response.Headers["X-Debug-Id"] = context.TraceIdentifier;
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            if (context.Request.HasFormContentType)
            {
                await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
            }

            if (handle(context) is { } answer)
            {
                await context.WriteJsonAsync(StatusCodes.Status200OK, answer).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is ImsException or InvalidDataException or BadHttpRequestException)
        {
            var refusal = exception as ImsException ?? new(StatusCodes.Status400BadRequest, "bad_request", "The request's body cannot be read as a form.");
            await context.WriteJsonAsync(refusal.Status, new JsonObject { ["error"] = refusal.Error, ["error_description"] = refusal.Description }).ConfigureAwait(false);
        }
    }

    /// <summary>Returns a parameter from the body (urlencoded or multipart) or the query.</summary>
    private static string? Parameter(HttpContext context, string name) =>
        context.Request.HasFormContentType && context.Request.Form[name] is [var inBody, ..] ? inBody : context.Request.Query[name] is [var inQuery, ..] ? inQuery : null;

    private JsonObject ClientCredentials(HttpContext context)
    {
        // Adobe's client tries its next secret only for exactly this pair, and fails on any other.
        var client = ClientOf(context, new(400, "invalid_client", "invalid client_secret parameter"));
        if (Parameter(context, "grant_type") != "client_credentials")
        {
            throw new ImsException(400, "unsupported_grant_type", "grant_type must be client_credentials");
        }

        var scopes = (Parameter(context, "scope") ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (scopes.Length == 0)
        {
            throw new ImsException(400, "invalid_scope", "scope parameter is missing");
        }

        if (client.Scopes is { } allowed && scopes.Except(allowed, StringComparer.Ordinal).FirstOrDefault() is { } foreign)
        {
            throw new ImsException(400, "invalid_scope", $"scope {foreign} is not granted to the client");
        }

        return Issue(client, string.Join(',', scopes), static lifetime => lifetime.TotalSeconds);
    }

    private JsonObject ExchangeJwt(HttpContext context)
    {
        var client = ClientOf(context, new(401, "invalid_client", "The client_id and client_secret combination is invalid."));
        var metaScopes = JwtAssertion.Verify(Parameter(context, "jwt_token"), client, options.TimeProvider.GetUtcNow(), options.Spelling);
        var scope = string.Join(',', metaScopes.Select(metaScope => ScopesOfMetaScope.GetValueOrDefault(metaScope, metaScope)).Prepend("openid,AdobeID"));

        // Milliseconds here, but seconds for client credentials. This is the only IMS field whose unit depends on the endpoint.
        return Issue(client, scope, static lifetime => lifetime.TotalMilliseconds);
    }

    private JsonObject Issue(EmulatorClient client, string scope, Func<TimeSpan, double> unit)
    {
        var lifetime = faults.TokenLifetime ?? options.TokenLifetime;
        return new() { ["access_token"] = tokens.Issue(client, scope, lifetime), ["token_type"] = "bearer", ["expires_in"] = (long)unit(lifetime) };
    }

    private EmulatorClient ClientOf(HttpContext context, ImsException wrongSecret)
    {
        var client = clients.Find(Parameter(context, "client_id")) ?? throw new ImsException(400, "invalid_client", "invalid client_id parameter");
        return ClientDirectory.HasSecret(client, Parameter(context, "client_secret")) ? client : throw wrongSecret;
    }

    private JsonObject Validate(HttpContext context)
    {
        var grant = GrantOf(context);
        if (grant is null || (Parameter(context, "client_id") is { } clientId && clientId != grant.ClientId))
        {
            return new JsonObject { ["valid"] = false, ["reason"] = "invalid_token" };
        }

        return new JsonObject
        {
            ["valid"] = true,
            ["expires_at"] = grant.ExpiresAt.ToUnixTimeMilliseconds(),
            ["token"] = new JsonObject { ["id"] = grant.Id, ["type"] = "access_token", ["client_id"] = grant.ClientId, ["user_id"] = grant.UserId, ["scope"] = grant.Scope },
        };
    }

    /// <returns>Null, for an empty response body.</returns>
    private JsonNode? Invalidate(HttpContext context)
    {
        tokens.Invalidate(GrantOf(context) ?? throw new ImsException(400, "invalid_token", "The token is not valid."));
        return null;
    }

    /// <summary>A user's sign-in in a browser, which the emulator does not support. No code was ever issued.</summary>
    private static JsonNode? AuthorizationCode(HttpContext context) =>
        throw new ImsException(400, "access_denied", "The authorization code is not valid.");

    private JsonArray Organizations(HttpContext context)
    {
        var grant = GrantOf(context) ?? throw new ImsException(401, "invalid_token", "The token is not valid.");
        var organization = clients.Find(grant.ClientId)?.OrganizationId ?? "";
        var (ident, source) = organization.LastIndexOf('@') is >= 0 and var at ? (organization[..at], organization[(at + 1)..]) : (organization, "AdobeOrg");

        // No collection expression, because it calls an Add method that is not compatible with trimming.
        return new JsonArray(new JsonObject
        {
            ["orgName"] = ident,
            ["orgRef"] = new JsonObject { ["ident"] = ident, ["authSrc"] = source },
            ["orgType"] = "Enterprise",
            ["groups"] = new JsonArray(),
        });
    }

    private TokenGrant? GrantOf(HttpContext context) =>
        (Parameter(context, "token") ?? context.Request.BearerToken()) is { } token ? tokens.Verify(token) : null;
}
