namespace AssetCompute.Client.Http;

/// <summary>What the codes of Adobe's API gateway mean, and what to do about them.</summary>
/// <remarks>Source: the validators of the open-source Adobe API gateway. The first three digits are the HTTP status.</remarks>
internal static class GatewayCodes
{
    /// <summary>A sentence on the code; null for an unknown one.</summary>
    public static string? Explain(string? code) => code switch
    {
        "401013" => "The access token is invalid or expired: check the client secrets and the clock of this machine.",
        "403000" => "The API key is missing: set the client id.",
        "403003" => "The API key is unknown: check the client id, and that its project has the Asset Compute API.",
        "403010" => "The access token is missing: check the token provider.",
        "403011" => "The access token lacks a scope: check the scopes, and the APIs of the project in the Developer Console.",
        "403020" or "403023" or "403024" => "The gateway found no profile that entitles the account: check the organization and the product profiles of the project.",
        "429001" => "The service as a whole is at its usage limit.",
        "429002" => "This client id is at its usage limit.",
        "429050" => "The gateway counted too many requests: send fewer at a time.",
        "503000" or "503010" => "The gateway could not check the request: try again later.",
        _ => null,
    };
}
