namespace AssetCompute.Client.Tests;

/// <summary>Waits with a limit. A wait that exceeds the limit fails its test with a message instead of hanging it.</summary>
internal static class Patience
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    public static async Task InTimeAsync(this Task task, string expected)
    {
        try
        {
            await task.WaitAsync(s_limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"Within {s_limit.TotalSeconds} s this should have happened: {expected}.");
        }
    }

    public static async Task<T> InTimeAsync<T>(this Task<T> task, string expected)
    {
        await InTimeAsync((Task)task, expected);
        return await task;
    }
}
