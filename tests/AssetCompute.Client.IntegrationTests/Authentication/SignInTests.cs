using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.IntegrationTests.Authentication;

/// <summary>Tests that each kind of credential signs in to the emulator, and that error messages name the cause.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private readonly CredentialFiles _files = new();
    private AssetComputeEmulator _emulator = null!;

    public static TheoryData<string> Forms => [.. CredentialFiles.Forms];

    /// <summary>The format of the file, the text to replace, its replacement, and the expected message.</summary>
    public static TheoryData<string, string, string, string> Broken => new()
    {
        { "oauth", "\"CLIENT_ID\"", "\"CLIENTID\"", "$.CLIENT_ID is missing" },
        { "oauth", "\"CLIENT_SECRETS\": [", "\"CLIENT_SECRETS\": [ 5,", "$.CLIENT_SECRETS[0] must be a string" },
        { "oauth", "\"ORG_ID\":", "\"ORG_ID\"", "not valid JSON: line 2" },
        { "project with oauth", "\"client_secrets\"", "\"secrets\"", "$.project.workspace.details.credentials[0].oauth_server_to_server.client_secrets is missing" },
        { "project with oauth", "\"oauth_server_to_server\": {", "\"oauth\": {", "$.project.workspace.details.credentials contains neither an oauth_server_to_server nor a jwt credential" },
        { "project with jwt", "\"technical_account_id\"", "\"technical_account\"", "$.project.workspace.details.credentials[0].jwt.technical_account_id is missing" },
        { "service credentials", "\"org\"", "\"organization\"", "$.integration.org is missing" },
        { "service credentials", "BEGIN RSA PRIVATE KEY", "BEGIN EC PRIVATE KEY", "its END line is missing or does not match" },
        { "service credentials of oauth", "\"clientSecret\"", "\"secret\"", "$.integration.technicalAccount.clientSecret is missing" },
        { "integration", "clientSecret:", "secret:", "$.technicalAccount.clientSecret is missing" },
        { "integration", "- asset_compute_meta", "asset_compute_meta", "$.metascopes contains a scope that is empty or has white space in it" },
        { "integration", "metascopes:", "metascopes: [", "neither JSON nor valid YAML: line" },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _emulator = await AssetComputeEmulator.StartAsync(options => options.Clients.Add(_files.Client), Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _files.Dispose();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task EachOfAdobesFiles_SignsIn(string form)
    {
        await using AssetComputeClient client = Create(options =>
        {
            options.CredentialsFile = _files.Write(form, _emulator.ImsEndpoint);
            options.PrivateKeyFile = form == "project with jwt" ? _files.WriteKey() : null;

            // The other formats contain the IMS endpoint.
            if (form.StartsWith("oauth", StringComparison.Ordinal) || form.StartsWith("project", StringComparison.Ordinal))
            {
                options.ImsEndpoint = _emulator.ImsEndpoint;
            }
        });

        RegisterResult registered = await client.RegisterAsync(Cancellation);

        Assert.NotNull(registered.RequestId);
        Assert.Equal(1, _emulator.Calls.Count(EmulatorOperation.Token));
        EmulatorCall call = Assert.Single(_emulator.Calls.Of(EmulatorOperation.Register));
        Assert.Equal(200, call.Status);
        Assert.Equal(_files.Client.OrganizationId, call.Headers["x-gw-ims-org-id"]);
        Assert.Equal(_files.Client.ClientId, call.Headers["x-api-key"]);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void ABrokenFile_IsRefusedAtTheStartByTheNameOfTheField(string form, string replace, string by, string expected)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Create(options =>
        {
            options.CredentialsFile = _files.Write(form, _emulator.ImsEndpoint, replace, by);
            options.PrivateKeyFile = form == "project with jwt" ? _files.WriteKey() : null;
        }));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("made-up", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_emulator.Calls);
    }

    [Fact]
    public async Task AnEncryptedKey_SignsInWithItsPassphrase()
    {
        await using AssetComputeClient client = Create(options =>
        {
            options.CredentialsFile = _files.Write("project with jwt", _emulator.ImsEndpoint);
            options.PrivateKeyFile = _files.WriteKey("a passphrase");
            options.PrivateKeyPassphrase = "a passphrase";
            options.ImsEndpoint = _emulator.ImsEndpoint;
        });

        await client.RegisterAsync(Cancellation);
    }

    [Fact]
    public async Task TheVariablesOfAdobesClient_NameTheFilesWhereTheOptionsDoNot()
    {
        const string file = "ASSET_COMPUTE_INTEGRATION_FILE_PATH";
        const string key = "ASSET_COMPUTE_PRIVATE_KEY_FILE_PATH";
        Environment.SetEnvironmentVariable(file, _files.Write("project with jwt", _emulator.ImsEndpoint));
        Environment.SetEnvironmentVariable(key, _files.WriteKey());
        try
        {
            await using AssetComputeClient client = Create(options => options.ImsEndpoint = _emulator.ImsEndpoint);

            await client.RegisterAsync(Cancellation);
        }
        finally
        {
            Environment.SetEnvironmentVariable(file, null);
            Environment.SetEnvironmentVariable(key, null);
        }
    }

    [Fact]
    public async Task AnotherClientsKey_IsRefusedWithTheDebugIdAndTheWayOut()
    {
        using var others = new CredentialFiles();
        await using AssetComputeClient client = Create(options =>
            options.CredentialsFile = others.Write("service credentials", _emulator.ImsEndpoint));

        var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => client.RegisterAsync(Cancellation));

        Assert.Equal("invalid_token", refused.ErrorCode);
        Assert.Equal("Could not match JWT signature to any of the bindings", refused.ErrorDescription);
        Assert.Equal(Assert.Single(_emulator.Calls).RequestId, refused.DebugId);
        Assert.Contains("create an OAuth Server-to-Server credential", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _emulator.Calls.Count(EmulatorOperation.Register));
    }

    [Fact]
    public async Task ARotatedSecret_SignsInWithTheNext()
    {
        await using AssetComputeClient client = Create(options =>
        {
            Name(options);
            options.ClientSecrets.Add("withdrawn-secret");
            options.ClientSecrets.Add(_files.Client.ClientSecrets[0]);
        });

        await client.RegisterAsync(Cancellation);

        Assert.Equal([400, 200], _emulator.Calls.Of(EmulatorOperation.Token).Select(call => call.Status));
    }

    [Fact]
    public async Task AWrongSecret_IsSaidOnceAndNotSentAgainAtOnce()
    {
        await using AssetComputeClient client = Create(options =>
        {
            Name(options);
            options.ClientSecrets.Add("wrong-secret");
        });

        for (int call = 0; call < 20; call++)
        {
            var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => client.RegisterAsync(Cancellation));
            Assert.Equal("invalid_client", refused.ErrorCode);
            Assert.DoesNotContain("wrong-secret", refused.ToString(), StringComparison.Ordinal);
        }

        Assert.InRange(_emulator.Calls.Count(EmulatorOperation.Token), 1, 5);
        Assert.Equal(0, _emulator.Calls.Count(EmulatorOperation.Register));
    }

    [Fact]
    public async Task AnIdentityServiceThatThrottles_IsAskedAgain()
    {
        _emulator.Faults.Next(EmulatorOperation.Token, EmulatorFault.Answer(429, TimeSpan.FromSeconds(1)));
        _emulator.Faults.Next(EmulatorOperation.Token, EmulatorFault.Reset());
        await using AssetComputeClient client = Create(options =>
        {
            Name(options);
            options.ClientSecrets.Add(_files.Client.ClientSecrets[0]);
        });

        await client.RegisterAsync(Cancellation);

        Assert.Equal(3, _emulator.Calls.Count(EmulatorOperation.Token));
    }

    private void Name(AssetComputeOptions options)
    {
        options.ImsEndpoint = _emulator.ImsEndpoint;
        options.OrganizationId = _files.Client.OrganizationId;
        options.ClientId = _files.Client.ClientId;
    }

    private AssetComputeClient Create(Action<AssetComputeOptions> configure) => AssetComputeClient.Create(options =>
    {
        options.Endpoint = _emulator.Endpoint;
        configure(options);
    });
}
