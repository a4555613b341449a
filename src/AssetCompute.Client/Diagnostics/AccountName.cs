namespace AssetCompute.Client.Diagnostics;

/// <summary>An account's name for logs. The only account of an application has no name, and an empty text would look like an error.</summary>
internal static class AccountName
{
    public static string Shown(string account) => account.Length == 0 ? "default" : account;
}
