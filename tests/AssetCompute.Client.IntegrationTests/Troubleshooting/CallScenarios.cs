using AssetCompute.Emulator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

internal static class CallScenarios
{
    public static Dictionary<string, Func<Task<string>>> All { get; } = new()
    {
        ["InvalidProcessRequestException"] = () => CallAsync<InvalidProcessRequestException>(
            account => account.Client.ProcessAsync(account.Request("photo", 1) with { Renditions = [] }, ErrorText.Cancel)),
        ["AssetComputeInvalidRequestException"] = () => AnswerAsync<AssetComputeInvalidRequestException>(413),
        ["AssetComputeAuthenticationException"] = () => CallAsync<AssetComputeAuthenticationException>(
            account => account.Client.RegisterAsync(ErrorText.Cancel),
            options =>
            {
                options.ClientSecrets.Clear();
                options.ClientSecrets.Add("p8e-wrong");
            }),
        ["AssetComputeNotEntitledException"] = () => AnswerAsync<AssetComputeNotEntitledException>(403),
        ["AssetComputeNotRegisteredException"] = () => CallAsync<AssetComputeNotRegisteredException>(account => account.Client.ProcessAsync(account.Request("photo", 1), ErrorText.Cancel)),
        ["AssetComputeThrottledException"] = () => AnswerAsync<AssetComputeThrottledException>(429),
        ["AssetComputeUnavailableException"] = () => AnswerAsync<AssetComputeUnavailableException>(503),
        ["AssetComputeException"] = () => AnswerAsync<AssetComputeException>(302),
        ["OptionsValidationException"] = () => StartHostAsync<OptionsValidationException>(("Assets:Endpoint", "http://storage.example")),
        ["The configuration section … is empty or does not exist"] = () => StartHostAsync<OptionsValidationException>(("AssetCompute:ClientId", "client")),
        ["The configuration is not valid."] = () => StartHostAsync<InvalidOperationException>(("Assets:Journal:PolInterval", "00:00:02")),
        ["OperationCanceledException"] = async () =>
        {
            await using EmulatedAccount account = await EmulatedAccount.StartAsync();
            return nameof(OperationCanceledException) + ": " + (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => account.Client.RegisterAsync(new CancellationToken(canceled: true)))).Message;
        },
    };

    /// <summary>Makes the emulator return this response to each call of /register.</summary>
    public static Task<string> AnswerAsync<TException>(int status, string? body = null)
        where TException : Exception =>
        CallAsync<TException>(account =>
        {
            account.Emulator.Faults.Share(EmulatorOperation.Register, 1, EmulatorFault.Answer(status, body: body));
            return account.Client.RegisterAsync(ErrorText.Cancel);
        });

    private static async Task<string> CallAsync<TException>(Func<EmulatedAccount, Task> call, Action<AssetComputeOptions>? configure = null)
        where TException : Exception
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(configureClient: options =>
        {
            options.Retry.MaxRetryAttempts = 0;
            configure?.Invoke(options);
        });
        return await ErrorText.OfAsync<TException>(() => call(account));
    }

    /// <summary>Starts a host that reads the section "Assets".</summary>
    public static async Task<string> StartHostAsync<TException>(params (string Key, string Value)[] settings)
        where TException : Exception
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value));
        builder.Services.AddAssetCompute(builder.Configuration.GetSection("Assets"));
        using IHost host = builder.Build();
        return await ErrorText.OfAsync<TException>(() => host.StartAsync(ErrorText.Cancel));
    }
}
