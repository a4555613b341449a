using AssetCompute.Client.Tests.Jobs;

namespace AssetCompute.Client.Tests.DependencyInjection;

public sealed class DisposedClientTests
{
    [Fact]
    public async Task Members_AfterDispose_NameTheClientThatIsGone()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        AssetComputeClient client = AssetComputeClient.Create(static options =>
        {
            options.OrganizationId = "test@AdobeOrg";
            options.ClientId = "test";
            options.ClientSecrets.Add("secret");
        });
        await client.DisposeAsync();

        ObjectDisposedException[] failures =
        [
            await Assert.ThrowsAsync<ObjectDisposedException>(() => client.RegisterAsync(cancellation)),
            await Assert.ThrowsAsync<ObjectDisposedException>(() => client.UnregisterAsync(cancellation)),
            await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ProcessAsync(FakeService.Request("a", 1), cancellation)),
            Assert.Throws<ObjectDisposedException>(() => client.Jobs),
            Assert.Throws<ObjectDisposedException>(() => client.Journal),
        ];
        Assert.All(failures, static failure => Assert.EndsWith(nameof(AssetComputeClient), failure.ObjectName, StringComparison.Ordinal));
    }
}
