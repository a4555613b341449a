namespace AssetCompute.Client.Authentication;

/// <summary>What may stand in the value of an HTTP header that we write.</summary>
internal static class HeaderText
{
    public static bool IsVisibleAscii(string value)
    {
        foreach (char character in value)
        {
            if (character is <= ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }
}
