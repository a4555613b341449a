using System.Text.RegularExpressions;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

/// <summary>Tests that the client or the emulator reports each text in docs/troubleshooting.md.</summary>
public class TroubleshootingTests
{
    private static readonly Dictionary<string, Dictionary<string, Func<Task<string>>>> s_scenarios = new()
    {
        ["A call failed"] = CallScenarios.All,
        ["Settings"] = SettingsScenarios.All,
        ["Codes of the gateway"] = GatewayScenarios.All,
        ["Signing in"] = SignInScenarios.All,
        ["Jobs"] = JobScenarios.All,
        ["The journal"] = JournalScenarios.All,
        ["Checkpoints"] = CheckpointScenarios.All,
        ["Inbox and storage"] = StoreScenarios.All,
        ["A rendition failed"] = RenditionScenarios.All,
    };

    public static TheoryData<string, string> Texts => [.. TroubleshootingPage.Texts.Select(text => new TheoryDataRow<string, string>(text.Section, text.Text))];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_OfThePage_IsSaid(string section, string text)
    {
        Func<Task<string>>? scenario = s_scenarios.GetValueOrDefault(section)?.GetValueOrDefault(text);
        Assert.True(scenario is not null, $"No scenario of this test produces '{text}', which docs/troubleshooting.md quotes under '{section}'.");

        string said = await scenario();
        Assert.True(Regex.IsMatch(said, TroubleshootingPage.PatternOf(text)), $"docs/troubleshooting.md quotes '{text}', but this is said: {said}");
    }

    [Fact]
    public void Scenario_OfEveryText_IsOnThePage()
    {
        (string, string)[] onThePage = [.. TroubleshootingPage.Texts];

        Assert.All(s_scenarios.SelectMany(section => section.Value.Keys.Select(text => (section.Key, text))), scenario => Assert.Contains(scenario, onThePage));
    }

    [Fact]
    public void Row_OfThePage_SaysWhatToDo()
    {
        Assert.NotEmpty(TroubleshootingPage.Rows);
        Assert.All(TroubleshootingPage.Rows, row => Assert.NotEmpty(row.Advice));
    }
}
