namespace AssetCompute.Client.Diagnostics;

/// <summary>An account's name as logs show it. The one account of an application has none, and an empty text would look like a mistake.</summary>
internal static class AccountName
{
    public static string Shown(string account) => account.Length == 0 ? "default" : account;
}
