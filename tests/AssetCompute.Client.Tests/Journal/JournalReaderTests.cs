using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Http;
using AssetCompute.Client.Tests.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>The reader as a caller sees it.</summary>
public sealed class JournalReaderTests : IAsyncDisposable
{
    private readonly FakeService _service = new() { HoldsBack = false };
    private readonly TestAccount _account;
    private readonly IJournalReader _reader;
    private readonly List<JournalNotice> _notices = [];

    public JournalReaderTests()
    {
        _account = _service.Account(options => options.Journal.PageSize = 33);
        _reader = _account.Services.GetRequiredService<IJournalReader>();
    }

    private CancellationToken Cancel => _service.Limit;

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _service.Dispose();
    }

    [Fact]
    public async Task ReadAsync_UntilCaughtUp_GivesEachEntryWithItsPositionAndThenTheNotice()
    {
        _service.Publish(new JsonObject { ["type"] = "a" });
        _service.Publish(new JsonObject { ["type"] = "b" });

        List<JournalEntry> entries = await _reader.ReadAsync(options: Options(), cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal([JournalPosition.After(FakeService.Position(0)), JournalPosition.After(FakeService.Position(1))], entries.Select(entry => entry.Position));
        Assert.Equal(["""{"type":"a"}""", """{"type":"b"}"""], entries.Select(entry => Encoding.UTF8.GetString(entry.Raw.Span)));
        Assert.Equal("JournalEntry { Position = after:p:000001, Event = UnknownEvent }", entries[1].ToString());
        Assert.Equal(JournalPosition.After(FakeService.Position(1)), Assert.IsType<JournalCaughtUp>(Assert.Single(_notices)).Position);
    }

    [Fact]
    public async Task ReadAsync_PageSize_IsTheCallersElseThatOfTheOptions()
    {
        await _reader.ReadAsync(options: Options(), cancellationToken: Cancel).ToListAsync(Cancel);
        Assert.Equal(1, _service.Calls("/events/1", "limit=33"));

        JournalReadOptions own = Options();
        own.PageSize = 7;
        await _reader.ReadAsync(options: own, cancellationToken: Cancel).ToListAsync(Cancel);
        Assert.Equal(1, _service.Calls("/events/1", "limit=7"));
    }

    [Fact]
    public async Task ReadAsync_JournalOfItsOwn_NeedsNoRegistration()
    {
        _service.Publish(new JsonObject());
        JournalReadOptions options = Options();
        options.Journal = new Uri("https://another.example/events/1");

        Assert.Single(await _reader.ReadAsync(options: options, cancellationToken: Cancel).ToListAsync(Cancel));

        Assert.Equal(0, _service.Calls("/register"));
    }

    [Fact]
    public async Task ReadAsync_NoOptions_GoesOnWhereTheJournalEnds()
    {
        _service.Publish(new JsonObject { ["type"] = "a" });
        await using IAsyncEnumerator<JournalEntry> entries = _reader.ReadAsync(cancellationToken: Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await entries.MoveNextAsync());
        ValueTask<bool> next = entries.MoveNextAsync();
        await FakeService.UntilAsync(() => _service.Time.NextTimer is not null);

        _service.Publish(new JsonObject { ["type"] = "b" });
        _service.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(await next);
        Assert.Equal("b", Assert.IsType<UnknownEvent>(entries.Current.Event).Type);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void ReadAsync_PageSizeOutOfRange_ThrowsAtOnce(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>("options", () => _reader.ReadAsync(options: new JournalReadOptions { PageSize = size }, cancellationToken: Cancel));

    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    public async Task ReadAsync_PageSizeAtItsBounds_IsTaken(int size)
    {
        JournalReadOptions options = Options();
        options.PageSize = size;

        Assert.Empty(await _reader.ReadAsync(options: options, cancellationToken: Cancel).ToListAsync(Cancel));
    }

    [Theory]
    [InlineData("http://journal.example/events")]
    [InlineData("ftp://127.0.0.1/events")]
    public void ReadAsync_JournalThatIsNotSafe_ThrowsAtOnce(string journal) =>
        Assert.Throws<ArgumentException>("options", () => _reader.ReadAsync(options: new JournalReadOptions { Journal = new Uri(journal) }, cancellationToken: Cancel));

    private JournalReadOptions Options() => new() { StopWhenCaughtUp = true, OnNotice = _notices.Add };
}
