using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>The in-memory inbox meets the common inbox contract, with a clock that the test controls.</summary>
public sealed class InMemoryEventInboxTests : EventInboxContract
{
    private readonly FakeTimeProvider _time = new();
    private InMemoryEventInbox? _only;

    protected override DateTimeOffset Now => _time.GetUtcNow();

    protected override ValueTask<IEventInbox> OpenAsync() => new(_only ??= new InMemoryEventInbox(_time));

    protected override Task AdvanceAsync(TimeSpan duration)
    {
        _time.Advance(duration);
        return Task.CompletedTask;
    }
}
