using AssetCompute.Client.IntegrationTests.Http;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Emulator;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

internal static class SignInScenarios
{
    private const string Jwt = """
        {"project": {"org": {"ims_org_id": "0A1B@AdobeOrg"}, "workspace": {"details": {"credentials": [
          {"jwt": {"client_id": "client", "client_secret": "p8e-secret", "technical_account_id": "account@techacct.adobe.com", "meta_scopes": ["asset_compute_meta"]}}]}}}}
        """;

    public static Dictionary<string, Func<Task<string>>> All { get; } = new()
    {
        ["The credentials file '…' does not exist"] = () => CreateAsync(options => options.CredentialsFile = "credentials.of.nobody.json"),
        ["The credentials file '…' is not valid JSON: line …"] = () => ReadFileAsync("""{"ORG_ID": """),
        ["The credentials file '…' is not one of Adobe's"] = () => ReadFileAsync("""{"name": "package", "version": "1.0.0"}"""),
        ["$.CLIENT_ID is missing"] = () => ReadFileAsync("""{"ORG_ID": "0A1B@AdobeOrg"}"""),
        ["The private key …"] = () => ReadFileAsync(Jwt),
        ["OrganizationId is '…', which is not an IMS organization id"] = () => CreateAsync(options =>
        {
            options.OrganizationId = "MyCompany";
            options.ClientId = "client";
            options.ClientSecrets.Add("p8e-secret");
        }),
        ["The identity service could not be reached: … Is the emulator running?"] = NothingListensAsync,
        ["The identity service refused … invalid_client"] = () => RefuseAsync(400, "invalid_client"),
        ["The identity service refused … invalid_scope"] = () => RefuseAsync(400, "invalid_scope"),
        ["The identity service refused … invalid_token"] = () => RefuseAsync(400, "invalid_token"),
        ["The identity service is not available"] = () => RefuseAsync(503, "server_error"),
    };

    private static async Task<string> SignInAsync(Action<AssetComputeOptions> configure)
    {
        await using AssetComputeClient client = AssetComputeClient.Create(configure);
        return await ErrorText.OfAsync<AssetComputeAuthenticationException>(() => client.RegisterAsync(ErrorText.Cancel));
    }

    /// <summary>Returns the error that invalid settings cause before the first call.</summary>
    private static async Task<string> CreateAsync(Action<AssetComputeOptions> configure) =>
        await ErrorText.OfAsync<OptionsValidationException>(async () => await AssetComputeClient.Create(configure).DisposeAsync());

    private static async Task<string> ReadFileAsync(string content)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "credentials.json");
        await File.WriteAllTextAsync(path, content, ErrorText.Cancel);
        return await CreateAsync(options => options.CredentialsFile = path);
    }

    private static async Task<string> NothingListensAsync()
    {
        Uri closed;
        await using (RawServer server = new(exchange => exchange.AnswerAsync(500, "")))
        {
            closed = server.Endpoint;
        }

        return await SignInAsync(options =>
        {
            options.UseEmulator(closed);
            options.Retry.MaxRetryAttempts = 0;
        });
    }

    private static async Task<string> RefuseAsync(int status, string error)
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(configureClient: options => options.Retry.MaxRetryAttempts = 0);
        account.Emulator.Faults.Share(EmulatorOperation.Token, 1, EmulatorFault.Answer(status, body: $$"""{"error":"{{error}}"}"""));
        return await ErrorText.OfAsync<AssetComputeAuthenticationException>(() => account.Client.RegisterAsync(ErrorText.Cancel));
    }
}
