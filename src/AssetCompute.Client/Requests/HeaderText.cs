namespace AssetCompute.Client;

/// <summary>The characters that the client allows in the value of an HTTP header.</summary>
internal static class HeaderText
{
    public static bool IsVisibleAscii(string value) => value.All(static character => character is > ' ' and <= '~');
}
