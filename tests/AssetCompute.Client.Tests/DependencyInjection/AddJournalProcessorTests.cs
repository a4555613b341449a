using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.Tests.DependencyInjection;

/// <summary>The name under which a journal processor stores its checkpoint.</summary>
public class AddJournalProcessorTests
{
    private readonly ServiceCollection _services = new();
    private readonly IAssetComputeBuilder _account;

    public AddJournalProcessorTests() => _account = _services.AddAssetCompute(static _ => { });

    private IEnumerable<object?> Names => _services.Where(static service => service.ServiceType == typeof(JournalHealthCheck)).Select(static service => service.ServiceKey);

    [Fact]
    public void AddJournalProcessor_NoName_TakesThatOfTheHandler()
    {
        _account.AddJournalProcessor<Handler>().AddJournalProcessor<Forward<string>>().AddJournalBatchProcessor<Forward<Dictionary<string, int[]>>>();

        Assert.Equal(["Handler", "Forward.String", "Forward.Dictionary.String.Int32__"], Names);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("Forward`1")]
    public void AddJournalProcessor_NameThatNoCheckpointCanHave_NamesTheParameter(string checkpoint)
    {
        Assert.Throws<ArgumentException>(nameof(checkpoint), () => _account.AddJournalProcessor<Handler>(checkpoint));
        Assert.Throws<ArgumentException>(nameof(checkpoint), () => _account.AddJournalBatchProcessor<Forward<string>>(checkpoint));
    }

    [Fact]
    public void AddJournalProcessor_NameThatIsUsed_SaysSo()
    {
        _account.AddJournalProcessor<Handler>("mine");

        Assert.Throws<InvalidOperationException>(() => _account.AddJournalProcessor<Forward<string>>("mine"));
    }

    [Fact]
    public async Task AddJournalProcessor_StoreThatCannotBeCreated_FailsEachRunOfTheService()
    {
        int created = 0;
        ServiceCollection services = new();
        using RelayedJournal journal = new();
        journal.Serve(services).AddJournalProcessor<Handler>();
        services.AddLogging().AddTransient<IJournalCheckpointStore>(_ =>
        {
            created++;
            throw new InvalidOperationException("no disk");
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        BackgroundService service = provider.GetServices<IHostedService>().OfType<BackgroundService>().Last();
        try
        {
            for (int run = 1; run <= 2; run++)
            {
                Assert.Equal(run - 1, created);

                // Whether the start fails too depends on the version of Microsoft.Extensions.Hosting.
                await Record.ExceptionAsync(() => service.StartAsync(TestContext.Current.CancellationToken));
                InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => service.ExecuteTask!);
                Assert.Equal("no disk", failure.Message);
            }

            Assert.Equal(2, created);
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            Environment.ExitCode = 0;
        }
    }

    [Fact]
    public async Task AddJournal_NameThatNobodyHas_IsUnhealthyAndSaysWhatToRegister()
    {
        _services.AddLogging().AddHealthChecks().AddJournal("mine").AddCheck("another", static () => HealthCheckResult.Healthy());
        await using ServiceProvider provider = _services.BuildServiceProvider();

        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["mine"].Status);
        Assert.Contains("'mine': register it with AddJournalProcessor", report.Entries["mine"].Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, report.Entries["another"].Status);
    }

    private sealed class Handler : IJournalHandler
    {
        public ValueTask HandleAsync(JournalEntry entry, CancellationToken cancellationToken) => default;
    }

    private sealed class Forward<T> : IJournalHandler, IJournalBatchHandler
    {
        public ValueTask HandleAsync(JournalEntry entry, CancellationToken cancellationToken) => default;

        public ValueTask HandleAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) => default;
    }
}
