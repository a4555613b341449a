namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

internal static class SettingsScenarios
{
    public static Dictionary<string, Func<Task<string>>> All { get; } = new()
    {
        ["…: there is no such setting"] = () => SetAsync(("Assets:Journal:PolInterval", "00:00:02")),
        ["… is empty"] = () => SetAsync(("Assets:ClientId", "")),
        ["… is '24:00:00', which is not a duration"] = () => SetAsync(("Assets:Journal:PollInterval", "24:00:00")),
        ["… is a section, but has a value of … characters"] = () => SetAsync(("Assets:Retry", "5")),
        ["… is a single value, but has settings below it"] = () => SetAsync(("Assets:ClientId:0", "client")),
        ["… has both a value and items"] = () => SetAsync(("Assets:Scopes", "openid"), ("Assets:Scopes:0", "openid")),
    };

    private static Task<string> SetAsync(params (string Key, string Value)[] settings) => CallScenarios.StartHostAsync<InvalidOperationException>(settings);
}
