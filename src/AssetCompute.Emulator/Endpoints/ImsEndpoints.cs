using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>
/// Adobe's sign-in: client credentials in all three versions, the JWT exchange at both paths, token validation and invalidation. Encodings, units and error
/// pairs match Adobe's documentation and clients.
/// </summary>
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
        foreach (var version in new[] { "v2", "v3", "v4" })
        {
            routes.MapPost($"/ims/token/{version}", Answer(ClientCredentials)).WithMetadata(new OperationMetadata(EmulatorOperation.Token));
        }

        routes.MapPost("/ims/exchange/jwt", Answer(ExchangeJwt)).WithMetadata(new OperationMetadata(EmulatorOperation.Token));
        routes.MapPost("/ims/exchange/v1/jwt", Answer(ExchangeJwt)).WithMetadata(new OperationMetadata(EmulatorOperation.Token));
        routes.MapMethods("/ims/validate_token/v1", ["GET", "POST"], Answer(Validate)).WithMetadata(new OperationMetadata(EmulatorOperation.TokenStatus));
        routes.MapMethods("/ims/invalidate_token/v2", ["GET", "POST"], Answer(Invalidate)).WithMetadata(new OperationMetadata(EmulatorOperation.TokenStatus));
        routes.MapPost("/ims/token/v1", Answer(AuthorizationCode)).WithMetadata(new OperationMetadata(EmulatorOperation.Token));
        foreach (var version in new[] { "v4", "v5", "v6" })
        {
            routes.MapGet($"/ims/organizations/{version}", Answer(Organizations)).WithMetadata(new OperationMetadata(EmulatorOperation.TokenStatus));
        }
    }

    private static RequestDelegate Answer(Func<HttpContext, ImsParameters, JsonNode?> handle) => async context =>
    {
        context.Response.Headers["X-Debug-Id"] = RequestIdentity.Of(context);
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            var parameters = await ImsParameters.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
            if (handle(context, parameters) is { } answer)
            {
                await context.WriteJsonAsync(StatusCodes.Status200OK, answer).ConfigureAwait(false);
            }
        }
        catch (ImsException refusal)
        {
            await context.WriteJsonAsync(refusal.Status, new JsonObject
            {
                ["error"] = refusal.Error,
                ["error_description"] = refusal.Description,
            }).ConfigureAwait(false);
        }
    };

    private JsonObject ClientCredentials(HttpContext context, ImsParameters parameters)
    {
        // Adobe's client tries its next secret only for exactly this pair, and fails on any other.
        var client = ClientOf(parameters, new(400, "invalid_client", "invalid client_secret parameter"));
        if (parameters["grant_type"] != "client_credentials")
        {
            throw new ImsException(400, "unsupported_grant_type", "grant_type must be client_credentials");
        }

        var scopes = (parameters["scope"] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (scopes.Length == 0)
        {
            throw new ImsException(400, "invalid_scope", "scope parameter is missing");
        }

        if (client.Scopes is { } allowed && scopes.Except(allowed, StringComparer.Ordinal).FirstOrDefault() is { } foreign)
        {
            throw new ImsException(400, "invalid_scope", $"scope {foreign} is not granted to the client");
        }

        var (token, grant) = tokens.Issue(client, string.Join(',', scopes), faults.TokenLifetime ?? options.TokenLifetime);
        return new JsonObject
        {
            ["access_token"] = token,
            ["token_type"] = "bearer",
            ["expires_in"] = (long)grant.Lifetime.TotalSeconds,
        };
    }

    private JsonObject ExchangeJwt(HttpContext context, ImsParameters parameters)
    {
        var client = ClientOf(parameters, new(401, "invalid_client", "The client_id and client_secret combination is invalid."));
        var metaScopes = JwtAssertion.Verify(parameters["jwt_token"], client, options.TimeProvider.GetUtcNow(), options.Spelling);
        var scope = string.Join(',', metaScopes.Select(metaScope => ScopesOfMetaScope.GetValueOrDefault(metaScope, metaScope)).Prepend("openid,AdobeID"));
        var (token, grant) = tokens.Issue(client, scope, faults.TokenLifetime ?? options.TokenLifetime);

        // Milliseconds here, but seconds for client credentials. This is the only IMS field whose unit depends on the endpoint.
        return new JsonObject
        {
            ["token_type"] = "bearer",
            ["access_token"] = token,
            ["expires_in"] = (long)grant.Lifetime.TotalMilliseconds,
        };
    }

    private EmulatorClient ClientOf(ImsParameters parameters, ImsException wrongSecret)
    {
        var client = clients.Find(parameters["client_id"]) ?? throw new ImsException(400, "invalid_client", "invalid client_id parameter");
        return ClientDirectory.HasSecret(client, parameters["client_secret"]) ? client : throw wrongSecret;
    }

    private JsonObject Validate(HttpContext context, ImsParameters parameters)
    {
        var grant = GrantOf(context, parameters);
        if (grant is null || (parameters["client_id"] is { } clientId && clientId != grant.ClientId))
        {
            return new JsonObject { ["valid"] = false, ["reason"] = "invalid_token" };
        }

        return new JsonObject
        {
            ["valid"] = true,
            ["expires_at"] = grant.ExpiresAt.ToUnixTimeMilliseconds(),
            ["token"] = new JsonObject
            {
                ["id"] = grant.Id,
                ["type"] = "access_token",
                ["client_id"] = grant.ClientId,
                ["user_id"] = grant.UserId,
                ["scope"] = grant.Scope,
            },
        };
    }

    /// <returns>Null, for an empty response body.</returns>
    private JsonNode? Invalidate(HttpContext context, ImsParameters parameters)
    {
        tokens.Invalidate(GrantOf(context, parameters) ?? throw new ImsException(400, "invalid_token", "The token is not valid."));
        return null;
    }

    /// <summary>A user's sign-in in a browser, which the emulator does not support. No code was ever issued.</summary>
    private static JsonNode? AuthorizationCode(HttpContext context, ImsParameters parameters) =>
        throw new ImsException(400, "access_denied", "The authorization code is not valid.");

    private JsonArray Organizations(HttpContext context, ImsParameters parameters)
    {
        var grant = GrantOf(context, parameters) ?? throw new ImsException(401, "invalid_token", "The token is not valid.");
        var organization = clients.Find(grant.ClientId)?.OrganizationId ?? "";
        var at = organization.LastIndexOf('@');

        // No collection expression, because it calls an Add method that is not compatible with trimming.
        return new JsonArray(new JsonObject
        {
            ["orgName"] = at < 0 ? organization : organization[..at],
            ["orgRef"] = new JsonObject { ["ident"] = at < 0 ? organization : organization[..at], ["authSrc"] = at < 0 ? "AdobeOrg" : organization[(at + 1)..] },
            ["orgType"] = "Enterprise",
            ["groups"] = new JsonArray(),
        });
    }

    private TokenGrant? GrantOf(HttpContext context, ImsParameters parameters) =>
        (parameters["token"] ?? BearerToken.Of(context.Request)) is { } token ? tokens.Verify(token) : null;
}
