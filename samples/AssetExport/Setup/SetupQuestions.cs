namespace AssetExport;

/// <summary>The questions of <c>init</c>, in the order in which a new user finds the answers.</summary>
internal static class SetupQuestions
{
    public static readonly SettingQuestion CredentialsFile = new("AssetCompute:CredentialsFile", "File with the project's credentials, downloaded from the Developer Console", Flag: "--credentials", Omitted: "type them");

    public static readonly SettingQuestion[] Account =
    [
        new("AssetCompute:OrganizationId", "Organization ID, such as …@AdobeOrg", Flag: "--organization"),
        new("AssetCompute:ClientId", "Client ID", Flag: "--client-id"),
        new("AssetCompute:ClientSecrets", "Client secret", Flag: "--client-secret", IsSecret: true),
        new("AssetCompute:Scopes", "Scopes of the credential, with commas", Flag: "--scopes", Default: "openid,AdobeID,adobeio_api,event_receiver_api"),
    ];

    public static readonly SettingQuestion Mode = new("Mode", "How events arrive: batch (journal), realtime (webhook), or both", Flag: "--mode", Choices: ["batch", "realtime", "both"], Default: "batch");

    public static readonly SettingQuestion Journal = new("Journal:Url", "Journal URL, from the event registration's details", Flag: "--journal", IsUrl: true);

    public static readonly SettingQuestion[] Aem =
    [
        new("Aem:Author", "Address of AEM's author, such as https://author-p1-e2.adobeaemcloud.com", Flag: "--aem", IsUrl: true),
        new("Aem:Account:CredentialsFile", "File with AEM's service credentials", Flag: "--aem-credentials", Omitted: "the project's account may read the assets"),
    ];

    public static readonly SettingQuestion Database = new("Database", "Database: a SQLite file, or a connection string of PostgreSQL", Flag: "--database", Default: "export.db");

    public static readonly SettingQuestion DestinationName = new("", "Name of the destination, as in the assets' metadata", Default: "archive");

    /// <summary>The required and most common settings of each type of destination. docs/export-settings.md describes the others.</summary>
    public static readonly IReadOnlyDictionary<string, SettingQuestion[]> ByType = new Dictionary<string, SettingQuestion[]>(StringComparer.OrdinalIgnoreCase)
    {
        ["Folder"] = [new("Path", "Folder")],
        ["Sftp"] =
        [
            new("Host", "Host"),
            new("Port", "Port", Default: "22"),
            new("User", "User"),
            new("PrivateKeyFile", "File with the private key", Omitted: "a password"),
            new("Password", "Password", Omitted: "none", IsSecret: true),
            new("Path", "Folder on the server", Default: "."),
        ],
        ["WebDav"] =
        [
            new("Url", "URL of the folder", IsUrl: true),
            new("UserName", "User", Omitted: "none"),
            new("Password", "Password", Omitted: "none", IsSecret: true),
        ],
        ["AzureBlobs"] = [new("ContainerUrl", "URL of the container, with its SAS", IsSecret: true, IsUrl: true)],
        ["AmazonS3"] =
        [
            new("Bucket", "Bucket"),
            new("Region", "Region, such as eu-central-1"),
            new("AccessKeyId", "Access key ID", Omitted: "the SDK's default sources"),
            new("SecretAccessKey", "Secret access key", Omitted: "the SDK's default sources", IsSecret: true),
        ],
        ["Marketo"] =
        [
            new("RestHost", "REST host, such as https://….mktorest.com", IsUrl: true),
            new("ClientId", "Client ID"),
            new("ClientSecret", "Client secret", IsSecret: true),
            new("FolderId", "ID of the folder"),
        ],
        ["Command"] = [new("File", "Program to run for each file"), new("Arguments", "Its argument, in which {name} becomes the name", Default: "{name}")],
    };

    /// <summary>All questions that an option of the command line answers, except those about a destination.</summary>
    public static IEnumerable<SettingQuestion> WithFlags => [CredentialsFile, .. Account, Mode, Journal, .. Aem, Database];

    public static readonly SettingQuestion DestinationType = new("Type", $"Type: {string.Join(", ", ByType.Keys)}", Choices: [.. ByType.Keys], Default: "Folder");
}
