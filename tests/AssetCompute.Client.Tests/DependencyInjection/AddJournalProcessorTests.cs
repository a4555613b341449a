using AssetCompute.Client.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

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
    public async Task AddJournal_NameThatNobodyHas_SaysWhatToRegister()
    {
        _services.AddLogging().AddHealthChecks().AddJournal("mine");
        await using ServiceProvider provider = _services.BuildServiceProvider();

        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken));

        Assert.Contains("'mine': register it with AddJournalProcessor", exception.Message, StringComparison.Ordinal);
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
