namespace AssetCompute.Client.Tests.DependencyInjection;

public class UseEmulatorJournalTests
{
    [Fact]
    public void UseEmulator_AfterARestartOfTheEmulator_ReadsOnByItself() =>
        Assert.Equal(ExpiredPositionPolicy.Oldest, new AssetComputeOptions().UseEmulator(new Uri("http://127.0.0.1:8080")).Journal.OnExpired);
}
