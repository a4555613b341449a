using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

internal static class GatewayScenarios
{
    private static readonly string[] s_codes =
    [
        "401013", "403000", "403003", "403010", "403011", "403020", "403023", "403024", "429001", "429002", "429050", "503000", "503010",
    ];

    public static Dictionary<string, Func<Task<string>>> All { get; } = s_codes.ToDictionary(code => code, code => (Func<Task<string>>)(() => AnswerAsync(code)));

    private static async Task<string> AnswerAsync(string code)
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(configureClient: options => options.Retry.MaxRetryAttempts = 0);
        account.Emulator.Faults.Share(EmulatorOperation.Register, 1, EmulatorFault.Answer(int.Parse(code[..3], System.Globalization.CultureInfo.InvariantCulture), body: $$"""{"error_code":"{{code}}","message":"Refused"}"""));

        AssetComputeException refused = await Assert.ThrowsAnyAsync<AssetComputeException>(() => account.Client.RegisterAsync(ErrorText.Cancel));

        Assert.DoesNotContain("Neither the API nor its gateway documents this answer", refused.Message, StringComparison.Ordinal);
        return $"{refused.ErrorCode}: {refused.Message}";
    }
}
