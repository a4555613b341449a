namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

/// <summary>The type and the message of an exception, as a user sees them.</summary>
internal static class ErrorText
{
    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static string Of(Exception exception) => $"{exception.GetType().Name}: {exception.Message}";

    public static async Task<string> OfAsync<TException>(Func<Task> call)
        where TException : Exception =>
        Of(await Assert.ThrowsAsync<TException>(call));
}
