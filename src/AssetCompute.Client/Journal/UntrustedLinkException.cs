namespace AssetCompute.Client.Journal;

/// <summary>A journal's answer points to another scheme, host or port. Nothing is sent there, and trying again would not help.</summary>
internal sealed class UntrustedLinkException(Uri journal, string link)
    : InvalidOperationException($"The journal at {journal.GetLeftPart(UriPartial.Authority)} has a next link to another host, which is not followed: {link}");
