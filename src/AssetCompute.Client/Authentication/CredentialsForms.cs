namespace AssetCompute.Client.Authentication;

/// <summary>The four forms in which Adobe's consoles hand out credentials.</summary>
internal static class CredentialsForms
{
    /// <summary>The download of one OAuth server-to-server credential.</summary>
    public static CredentialsFile ReadOAuth(CredentialsField root, string path) => new()
    {
        Path = path,
        OrganizationId = root.Id("ORG_ID"),
        ClientId = root.Id("CLIENT_ID"),
        ClientSecrets = root.Texts("CLIENT_SECRETS"),
        Scopes = root.Scopes("SCOPES"),
    };

    /// <summary>
    /// The download of a whole project, which may have several credentials: the one of the client that is asked for, else the first of OAuth,
    /// else the first of JWT.
    /// </summary>
    public static CredentialsFile ReadProject(CredentialsField root, string path, string? clientId)
    {
        CredentialsField project = root.Object("project");
        string organization = project.Object("org").Id("ims_org_id");
        CredentialsField details = project.Object("workspace").Object("details");
        IReadOnlyList<CredentialsField> credentials = details.Items("credentials");

        CredentialsFile[] found =
        [
            .. credentials.Where(static item => item.Has("oauth_server_to_server")).Select(item => OfProject(item.Object("oauth_server_to_server"))),
            .. credentials.Where(static item => item.Has("jwt")).Select(item => OfProjectJwt(item.Object("jwt"))),
        ];

        return found.FirstOrDefault(file => string.Equals(file.ClientId, clientId, StringComparison.Ordinal))
            ?? found.FirstOrDefault()
            ?? throw details.Malformed("credentials", "holds neither an oauth_server_to_server nor a jwt credential");

        CredentialsFile OfProject(CredentialsField block) => new()
        {
            Path = path,
            OrganizationId = organization,
            ClientId = block.Id("client_id"),
            ClientSecrets = block.Texts("client_secrets"),
            Scopes = block.Scopes("scopes"),
        };

        CredentialsFile OfProjectJwt(CredentialsField block) => new()
        {
            Path = path,
            OrganizationId = organization,
            ClientId = block.Id("client_id"),
            ClientSecrets = [block.Text("client_secret")],
            ServiceAccount = new ServiceAccount(block.Id("technical_account_id"), block.Metascopes("meta_scopes"), privateKey: null),
        };
    }

    /// <summary>The service credentials of AEM as a Cloud Service: JWT with its key, or in the newer form OAuth without one.</summary>
    public static CredentialsFile ReadServiceCredentials(CredentialsField root, string path)
    {
        CredentialsField integration = root.Object("integration");
        CredentialsField technicalAccount = integration.Object("technicalAccount");
        bool oauth = !integration.Has("privateKey") && integration.Has("scopes");
        return new CredentialsFile
        {
            Path = path,
            OrganizationId = integration.Id("org"),
            ClientId = technicalAccount.Id("clientId"),
            ClientSecrets = [technicalAccount.Text("clientSecret")],
            ImsEndpoint = integration.Has("imsEndpoint") ? integration.Endpoint("imsEndpoint") : null,
            Scopes = oauth ? integration.Scopes("scopes") : null,
            ServiceAccount = oauth
                ? null
                : new ServiceAccount(integration.Id("id"), integration.Metascopes("metascopes"), integration.Block("privateKey")),
        };
    }

    /// <summary>The YAML integration file of Adobe's first client: JWT with its key.</summary>
    public static CredentialsFile ReadIntegration(CredentialsField root, string path)
    {
        CredentialsField technicalAccount = root.Object("technicalAccount");
        return new CredentialsFile
        {
            Path = path,
            OrganizationId = technicalAccount.Id("org"),
            ClientId = technicalAccount.Id("clientId"),
            ClientSecrets = [technicalAccount.Text("clientSecret")],
            ImsEndpoint = root.Has("imsEndpoint") ? root.Endpoint("imsEndpoint") : null,
            ServiceAccount = new ServiceAccount(
                technicalAccount.Id("id"),
                root.Metascopes("metascopes"),
                technicalAccount.Has("privateKey") ? technicalAccount.Block("privateKey") : null),
        };
    }
}
