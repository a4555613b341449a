namespace AssetCompute.Client.Http;

/// <summary>The names of an account's HTTP clients in <see cref="IHttpClientFactory"/>.</summary>
internal static class HttpClientNames
{
    public static string Service(string account) => Of(account, "service");

    public static string Journal(string account) => Of(account, "journal");

    public static string Ims(string account) => Of(account, "ims");

    private static string Of(string account, string client) =>
        account.Length == 0 ? $"AssetCompute:{client}" : $"AssetCompute:{account}:{client}";
}
