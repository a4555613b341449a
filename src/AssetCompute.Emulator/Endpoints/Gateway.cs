using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>
/// Adobe's API gateway: checks the API key, the token and the organization. Refused calls get the codes of Adobe's published gateway, whose first three
/// digits are the HTTP status. An unknown key gets 401 with the documented spelling, because the documentation has no code for it.
/// </summary>
internal sealed class Gateway(ClientDirectory clients, AccessTokens tokens, WireSpelling spelling)
{
    /// <summary>The documented header, and a second one that Adobe's client also sends.</summary>
    public static readonly string[] ServiceOrganizationHeaders = ["x-gw-ims-org-id", "x-ims-org-id"];

    public static readonly string[] JournalOrganizationHeaders = ["x-ims-org-id"];

    /// <summary>Wraps an endpoint so that only admitted clients reach it.</summary>
    public RequestDelegate Admit(string[] organizationHeaders, Func<HttpContext, EmulatorClient, Task> answer, string? scope = null) => async context =>
    {
        if (await AdmitAsync(context, organizationHeaders, scope).ConfigureAwait(false) is { } client)
        {
            await answer(context, client).ConfigureAwait(false);
        }
    };

    /// <summary>Returns the client of a call, or <see langword="null"/> after writing the refusal.</summary>
    private async Task<EmulatorClient?> AdmitAsync(HttpContext context, string[] organizationHeaders, string? scope)
    {
        var (client, refusal) = Check(context.Request, organizationHeaders, scope);
        if (refusal is { } reason)
        {
            var isKey = spelling == WireSpelling.Documentation && reason.Code is "403000" or "403003";
            await context.WriteJsonAsync(isKey ? StatusCodes.Status401Unauthorized : int.Parse(reason.Code.AsSpan(0, 3), CultureInfo.InvariantCulture), new JsonObject
            {
                ["ok"] = false,
                ["requestId"] = RequestIdentity.Of(context),
                ["error_code"] = reason.Code,
                ["message"] = reason.Message,
            }).ConfigureAwait(false);
            return null;
        }

        return client;
    }

    private (EmulatorClient? Client, (string Code, string Message)? Refusal) Check(HttpRequest request, string[] organizationHeaders, string? scope)
    {
        var apiKey = request.Headers["x-api-key"].ToString();
        if (apiKey.Length == 0)
        {
            return (null, ("403000", "Api Key is required"));
        }

        if (BearerToken.Of(request) is not { } token)
        {
            return (null, ("403010", "Oauth token is missing."));
        }

        if (tokens.Verify(token) is not { } grant)
        {
            return (null, ("401013", "Oauth token is not valid"));
        }

        if (clients.Find(apiKey) is not { } client || grant.ClientId != apiKey)
        {
            return (null, ("403003", "Api Key is invalid"));
        }

        if (scope is not null && !grant.HasScope(scope))
        {
            return (null, ("403011", "Scope mismatch"));
        }

        var organizations = organizationHeaders.Select(header => request.Headers[header].ToString()).Where(value => value.Length > 0).ToArray();
        if (organizations.Length == 0)
        {
            return (null, ("403020", $"The header {organizationHeaders[0]} is missing."));
        }

        return organizations.All(organization => organization == client.OrganizationId)
            ? (client, null)
            : (null, ("403023", "The organization is not the client's."));
    }
}
