namespace AssetCompute.Client.Authentication;

/// <summary>The four forms in which Adobe's consoles hand out credentials. The content tells which one a file has.</summary>
internal static class CredentialsForms
{
    /// <param name="root">The content of the file.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="clientId">Which of several credentials to take; null for the first.</param>
    public static CredentialsFile Read(CredentialsField root, string path, string? clientId) =>
        root.Has("ORG_ID") || root.Has("CLIENT_ID") || root.Has("CLIENT_SECRETS") ? ReadOAuth(root, path)
        : root.Has("project") ? ReadProject(root["project"], path, clientId)
        : root.Has("integration") ? ReadServiceCredentials(root["integration"], path)
        : root.Has("technicalAccount") ? ReadIntegration(root, path)
        : throw new AssetComputeAuthenticationException(
            $"The credentials file '{path}' is not one of Adobe's: its top level has neither ORG_ID (the OAuth credential), project (the project's download), integration (AEM's service credentials) nor technicalAccount (the YAML integration).");

    /// <summary>The download of one OAuth server-to-server credential.</summary>
    private static CredentialsFile ReadOAuth(CredentialsField root, string path) =>
        new(path, root["ORG_ID"].Id(), root["CLIENT_ID"].Id(), root["CLIENT_SECRETS"].Texts()) { Scopes = root["SCOPES"].Scopes() };

    /// <summary>
    /// The download of a whole project, which may have several credentials: the one of the client that is asked for, else the first of OAuth,
    /// else the first of JWT.
    /// </summary>
    private static CredentialsFile ReadProject(CredentialsField project, string path, string? clientId)
    {
        string organization = project["org"]["ims_org_id"].Id();
        CredentialsField credentials = project["workspace"]["details"]["credentials"];
        IReadOnlyList<CredentialsField> items = credentials.Items();
        CredentialsFile[] found =
        [
            .. items.Where(static item => item.Has("oauth_server_to_server")).Select(static item => item["oauth_server_to_server"]).Select(block =>
                new CredentialsFile(path, organization, block["client_id"].Id(), block["client_secrets"].Texts()) { Scopes = block["scopes"].Scopes() }),
            .. items.Where(static item => item.Has("jwt")).Select(static item => item["jwt"]).Select(block =>
                new CredentialsFile(path, organization, block["client_id"].Id(), [block["client_secret"].Text()])
                {
                    ServiceAccount = new ServiceAccount(block["technical_account_id"].Id(), block["meta_scopes"].Metascopes(), privateKey: null),
                }),
        ];

        return found.FirstOrDefault(file => string.Equals(file.ClientId, clientId, StringComparison.Ordinal))
            ?? found.FirstOrDefault()
            ?? throw credentials.Malformed("contains neither an oauth_server_to_server nor a jwt credential");
    }

    /// <summary>The service credentials of AEM as a Cloud Service: JWT with its key, or in the newer form OAuth without one.</summary>
    private static CredentialsFile ReadServiceCredentials(CredentialsField integration, string path)
    {
        CredentialsField technicalAccount = integration["technicalAccount"];
        bool isOAuth = !integration.Has("privateKey") && integration.Has("scopes");
        return new CredentialsFile(path, integration["org"].Id(), technicalAccount["clientId"].Id(), [technicalAccount["clientSecret"].Text()])
        {
            ImsEndpoint = integration.Has("imsEndpoint") ? integration["imsEndpoint"].Endpoint() : null,
            Scopes = isOAuth ? integration["scopes"].Scopes() : null,
            ServiceAccount = isOAuth ? null : new ServiceAccount(integration["id"].Id(), integration["metascopes"].Metascopes(), integration["privateKey"].Block()),
        };
    }

    /// <summary>The YAML integration file of Adobe's first client: JWT with its key.</summary>
    private static CredentialsFile ReadIntegration(CredentialsField root, string path)
    {
        CredentialsField technicalAccount = root["technicalAccount"];
        return new CredentialsFile(path, technicalAccount["org"].Id(), technicalAccount["clientId"].Id(), [technicalAccount["clientSecret"].Text()])
        {
            ImsEndpoint = root.Has("imsEndpoint") ? root["imsEndpoint"].Endpoint() : null,
            ServiceAccount = new ServiceAccount(
                technicalAccount["id"].Id(),
                root["metascopes"].Metascopes(),
                technicalAccount.Has("privateKey") ? technicalAccount["privateKey"].Block() : null),
        };
    }
}
