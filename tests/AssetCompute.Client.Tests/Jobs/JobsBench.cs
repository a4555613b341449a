using AssetCompute.Client.Tests.Http;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>Jobs of an account with the in-memory service.</summary>
public abstract class JobsBench : IAsyncDisposable
{
    protected JobsBench(Action<AssetComputeOptions>? configure = null)
    {
        Account = Service.Account(configure);
        Jobs = FakeService.JobsOf(Account);
    }

    private protected FakeService Service { get; } = new();

    private protected TestAccount Account { get; }

    protected IRenditionJobs Jobs { get; }

    protected CancellationToken Cancel => Service.Limit;

    public async ValueTask DisposeAsync()
    {
        await Account.DisposeAsync();
        Service.Dispose();
        GC.SuppressFinalize(this);
    }
}
