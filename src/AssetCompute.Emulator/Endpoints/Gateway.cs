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
    public RequestDelegate Admit(string[] organizationHeaders, Func<HttpContext, EmulatorClient, Task> answer, string? scope = null) => context =>
    {
        var (client, code, message) = Check(context.Request, organizationHeaders, scope);
        if (client is not null)
        {
            return answer(context, client);
        }

        var isKey = spelling == WireSpelling.Documentation && code is "403000" or "403003";
        return context.WriteJsonAsync(isKey ? StatusCodes.Status401Unauthorized : int.Parse(code.AsSpan(0, 3), CultureInfo.InvariantCulture), new JsonObject
        {
            ["ok"] = false,
            ["requestId"] = context.TraceIdentifier,
            ["error_code"] = code,
            ["message"] = message,
        });
    };

    private (EmulatorClient? Client, string Code, string Message) Check(HttpRequest request, string[] organizationHeaders, string? scope)
    {
        var organizations = organizationHeaders.Select(header => request.Headers[header].ToString()).Where(value => value.Length > 0).ToArray();
        return request.Headers["x-api-key"].ToString() is not { Length: > 0 } apiKey ? (null, "403000", "Api Key is required")
            : request.BearerToken() is not { } token ? (null, "403010", "Oauth token is missing.")
            : tokens.Verify(token) is not { } grant ? (null, "401013", "Oauth token is not valid")
            : clients.Find(apiKey) is not { } client || grant.ClientId != apiKey ? (null, "403003", "Api Key is invalid")
            : scope is not null && !grant.HasScope(scope) ? (null, "403011", "Scope mismatch")
            : organizations.Length == 0 ? (null, "403020", $"The header {organizationHeaders[0]} is missing.")
            : organizations.All(organization => organization == client.OrganizationId) ? (client, "", "")
            : (null, "403023", "The organization is not the client's.");
    }
}
