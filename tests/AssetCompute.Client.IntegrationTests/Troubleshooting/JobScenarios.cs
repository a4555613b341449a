using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

internal static class JobScenarios
{
    public static Dictionary<string, Func<Task<string>>> All { get; } = new()
    {
        ["RenditionJobTimeoutException"] = async () =>
        {
            await using EmulatedAccount account = await LateAsync();
            return await ErrorText.OfAsync<RenditionJobTimeoutException>(() =>
                account.Client.Jobs.RunAsync(account.Request("photo", 1), new RenditionJobOptions { Timeout = TimeSpan.FromSeconds(1) }, ErrorText.Cancel));
        },
        ["RenditionJobResult.Error"] = async () =>
        {
            await using EmulatedAccount account = await EmulatedAccount.StartAsync(configureClient: options => options.Retry.MaxRetryAttempts = 0);
            account.Emulator.Faults.Share(EmulatorOperation.Process, 1, EmulatorFault.Answer(400));
            RenditionJobResult result = await account.Client.Jobs.RunManyAsync(account.Requests(1), null, ErrorText.Cancel).SingleAsync(ErrorText.Cancel);
            return $"{nameof(RenditionJobResult)}.{nameof(RenditionJobResult.Error)}: {ErrorText.Of(result.Error!)}";
        },
        ["ObjectDisposedException"] = async () =>
        {
            await using EmulatedAccount account = await LateAsync();
            Task<RenditionJobResult> job = account.Client.Jobs.RunAsync(account.Request("photo", 1), cancellationToken: ErrorText.Cancel);
            while (account.Emulator.Calls.Count(EmulatorOperation.Process) == 0)
            {
                await Task.Delay(5, ErrorText.Cancel);
            }

            await account.Client.DisposeAsync();
            return await ErrorText.OfAsync<ObjectDisposedException>(() => job);
        },
    };

    /// <summary>Starts an emulator that delays its events by one day.</summary>
    private static Task<EmulatedAccount> LateAsync() => EmulatedAccount.StartAsync(options =>
    {
        options.Rendering.Mode = EmulatorRenderingMode.None;
        options.Journal.EventDelay = TimeSpan.FromDays(1);
    });
}
