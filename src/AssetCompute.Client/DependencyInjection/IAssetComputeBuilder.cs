namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// One account of the Asset Compute Service, as <c>AddAssetCompute</c> has registered it: for further settings.
/// </summary>
public interface IAssetComputeBuilder
{
    /// <summary>The account's name; empty for the one that was registered without a name.</summary>
    string Name { get; }

    /// <summary>The services that the account is registered in.</summary>
    IServiceCollection Services { get; }

    /// <summary>The HTTP client of <c>/register</c>, <c>/unregister</c> and <c>/process</c>: for handlers of the user's own.</summary>
    IHttpClientBuilder ServiceHttpClient { get; }

    /// <summary>The HTTP client of the journal: for handlers of the user's own.</summary>
    IHttpClientBuilder JournalHttpClient { get; }

    /// <summary>The HTTP client of Adobe's identity service: for handlers of the user's own.</summary>
    IHttpClientBuilder ImsHttpClient { get; }
}
