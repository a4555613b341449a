namespace Microsoft.Extensions.DependencyInjection;

/// <summary>One account of the Asset Compute Service that <c>AddAssetCompute</c> has registered, for further settings.</summary>
public interface IAssetComputeBuilder
{
    /// <summary>The account's name; empty for the account without a name.</summary>
    string Name { get; }

    /// <summary>The services that the account is registered in.</summary>
    IServiceCollection Services { get; }

    /// <summary>The HTTP client of <c>/register</c>, <c>/unregister</c> and <c>/process</c>. Use it to add handlers.</summary>
    IHttpClientBuilder ServiceHttpClient { get; }

    /// <summary>The HTTP client of the journal. Use it to add handlers.</summary>
    IHttpClientBuilder JournalHttpClient { get; }

    /// <summary>The HTTP client of Adobe's identity service. Use it to add handlers.</summary>
    IHttpClientBuilder ImsHttpClient { get; }
}
