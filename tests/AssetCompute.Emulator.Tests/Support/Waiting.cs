using System.Diagnostics;

namespace AssetCompute.Emulator.Tests;

/// <summary>Waits for a state. A state that never occurs fails the test instead of hanging it.</summary>
internal static class Waiting
{
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < ServiceClient.Patience, "What the test waits for did not come.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
