namespace AssetExport;

/// <summary>The AEM instance that the assets come from: the section <c>Aem</c> of the configuration.</summary>
/// <param name="Author">The URL of the author.</param>
/// <param name="HasOwnAccount">Whether the section has its own account. Otherwise, the account of the application signs in.</param>
internal sealed record AemSettings(Uri Author, bool HasOwnAccount)
{
    public static AemSettings Read(IConfigurationSection section)
    {
        section.CheckKeys("Author", "Account");
        Uri author = section.RequiredUrl("Author");
        return new AemSettings(new Uri(author.GetLeftPart(UriPartial.Authority)), section.GetSection("Account").Exists());
    }
}
