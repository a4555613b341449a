using AssetCompute.Client.Http;

namespace Microsoft.Extensions.DependencyInjection;

internal sealed class AssetComputeBuilder(IServiceCollection services, string name) : IAssetComputeBuilder
{
    public string Name { get; } = name;

    public IServiceCollection Services { get; } = services;

    public IHttpClientBuilder ServiceHttpClient { get; } = services.AddHttpClient(HttpClientNames.Service(name));

    public IHttpClientBuilder JournalHttpClient { get; } = services.AddHttpClient(HttpClientNames.Journal(name));

    public IHttpClientBuilder ImsHttpClient { get; } = services.AddHttpClient(HttpClientNames.Ims(name));
}
