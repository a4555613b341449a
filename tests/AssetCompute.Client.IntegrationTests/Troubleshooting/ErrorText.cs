namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

/// <summary>What a user sees of an exception: its type and its message.</summary>
internal static class ErrorText
{
    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static string Of(Exception exception) => $"{exception.GetType().Name}: {exception.Message}";

    public static async Task<string> OfAsync<TException>(Func<Task> call)
        where TException : Exception =>
        Of(await Assert.ThrowsAsync<TException>(call));
}
