using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal.Processing;

public sealed class JournalProcessorOptionsTests
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    public static TheoryData<string, Action<JournalProcessorOptions>> OutOfRange => new()
    {
        { "MaxParallelism", options => options.MaxParallelism = 0 },
        { "BatchSize", options => options.BatchSize = 0 },
        { "CommitCount", options => options.CommitCount = 0 },
        { "CommitInterval", options => options.CommitInterval = TimeSpan.Zero },
        { "CommitInterval", options => options.CommitInterval = s_day + s_tick },
        { "MaxAttempts", options => options.MaxAttempts = 0 },
        { "RetryDelay", options => options.RetryDelay = -s_tick },
        { "MaxRetryDelay", options => options.MaxRetryDelay = options.RetryDelay - s_tick },
        { "MaxRetryDelay", options => options.MaxRetryDelay = s_day + s_tick },
        { "DrainTimeout", options => options.DrainTimeout = -s_tick },
        { "DrainTimeout", options => options.DrainTimeout = s_day + s_tick },
        { "OnExpired", options => options.OnExpired = ExpiredPositionPolicy.Throw - 1 },
        { "OnExpired", options => options.OnExpired = ExpiredPositionPolicy.Latest + 1 },
        { "Journal", options => options.Journal = new Uri("http://journal.example/1") },
        { "StalledAfter", options => options.StalledAfter = TimeSpan.Zero },
    };

    public static TheoryData<Action<JournalProcessorOptions>> InRange => new()
    {
        options => { },
        options => options.MaxParallelism = options.BatchSize = options.CommitCount = options.MaxAttempts = 1,
        options => options.CommitInterval = options.StalledAfter = s_tick,
        options => options.CommitInterval = s_day,
        options => options.RetryDelay = options.MaxRetryDelay = options.DrainTimeout = TimeSpan.Zero,
        options => options.RetryDelay = options.MaxRetryDelay = options.DrainTimeout = s_day,
        options => options.OnExpired = ExpiredPositionPolicy.Throw,
        options => options.OnExpired = ExpiredPositionPolicy.Latest,
        options => options.Journal = new Uri("https://journal.example/1"),
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Validate_OutOfRange_NamesTheOptionAndTheProcessor(string name, Action<JournalProcessorOptions> change)
    {
        string failure = Assert.Single(Validate(change).Failures!);

        Assert.StartsWith($"JournalProcessorOptions 'test': {name} must", failure, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(InRange))]
    public void Validate_AtTheBounds_IsTaken(Action<JournalProcessorOptions> change) => Assert.True(Validate(change).Succeeded);

    [Fact]
    public void Defaults_AreWhatTheDocumentationSays()
    {
        JournalProcessorOptions options = new();

        Assert.Equal((JournalPosition.Oldest, 1, 100, 100, 5), (options.Start, options.MaxParallelism, options.BatchSize, options.CommitCount, options.MaxAttempts));
        Assert.Equal(
            [1, 1, 30, 20, 300],
            ((TimeSpan[])[options.CommitInterval, options.RetryDelay, options.MaxRetryDelay, options.DrainTimeout, options.StalledAfter]).Select(time => time.TotalSeconds));
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(Action<JournalProcessorOptions> change)
    {
        JournalProcessorOptions options = new();
        change(options);
        return new JournalConsumerOptionsValidator<JournalProcessorOptions>().Validate("test", options);
    }
}
