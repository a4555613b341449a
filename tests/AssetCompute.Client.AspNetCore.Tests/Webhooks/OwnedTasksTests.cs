using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

public sealed class OwnedTasksTests
{
    [Fact]
    public async Task Dispose_WorkThatGoesOnWithinItAndWaitsForWhoAsksForMore_DoesNotLockUp()
    {
        OwnedTasks tasks = new(TimeProvider.System);
        Task<int>? more = Task.FromResult(0);
        bool wasAnswered = false;
        tasks.Stopping.Register(() =>
        {
            // Simulates a caller that holds a lock that this callback needs, and that requests more work under the lock.
            Task asking = Task.Run(() => { more = tasks.TryRun(static () => Task.FromResult(1)); });
            wasAnswered = asking.Wait(TimeSpan.FromSeconds(10));
        });

        await Task.Run(tasks.Dispose, TestContext.Current.CancellationToken);

        Assert.True(wasAnswered);
        Assert.Null(more);
    }

    [Theory]
    [InlineData(true, "request")]
    [InlineData(false, null)]
    public async Task TryRun_WorkOfTheCaller_AloneKeepsTheCallersContext(bool ofCaller, string? expected)
    {
        using OwnedTasks tasks = new(TimeProvider.System);
        AsyncLocal<string?> context = new() { Value = "request" };

        string? seen = await tasks.TryRun(() => Task.FromResult(context.Value), ofCaller)!;

        Assert.Equal(expected, seen);
        Assert.Equal("request", context.Value);
    }
}
