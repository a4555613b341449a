namespace AssetCompute.Client.IntegrationTests.Samples;

/// <summary>The web sample with its own emulator, for all tests of a class.</summary>
public sealed class WebApiFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RunningSample? _sample;

    public Uri Address => _sample!.Address;

    public async ValueTask InitializeAsync() => _sample = await RunningSample.StartAsync("WebApi", _folder.Path, []);

    public async ValueTask DisposeAsync()
    {
        if (_sample is not null)
        {
            await _sample.DisposeAsync();
        }

        _folder.Dispose();
    }
}
