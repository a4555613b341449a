using System.Net;
using System.Net.Http.Headers;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Http;
using AssetCompute.Client.Tests.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>The account's own journal: the client registers once, and waits until the journal responds.</summary>
public sealed class FindJournalTests : IAsyncDisposable
{
    private readonly FakeService _service = new();
    private readonly TestAccount _account;
    private readonly JournalReader _reader;
    private Func<HttpResponseMessage> _answer = static () => new HttpResponseMessage(HttpStatusCode.NoContent);

    public FindJournalTests()
    {
        _account = _service.Account(options => options.Journal.ReadinessTimeout = TimeSpan.FromSeconds(45));
        _reader = _account.Services.GetRequiredKeyedService<JournalReader>("");
        _service.Instead = request => request.RequestUri!.AbsolutePath == "/events/1" ? _answer() : null;
    }

    private CancellationToken Cancel => _service.Limit;

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _service.Dispose();
    }

    [Fact]
    public async Task Find_ManyAsk_RegistersAndProbesOnce()
    {
        Uri[] journals = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _reader.FindAsync(null, Cancel).AsTask()));

        Assert.All(journals, journal => Assert.Equal(FakeService.Journal, journal.AbsoluteUri));
        Assert.Equal(1, _service.Calls("/register"));
        Assert.Equal(1, _service.Calls("/events/1", "latest=true&limit=1"));
    }

    [Fact]
    public async Task Forget_TheNextToAsk_RegistersAnew()
    {
        await _reader.FindAsync(null, Cancel);

        _reader.Forget(new Uri(FakeService.Journal));
        await _reader.FindAsync(null, Cancel);

        Assert.Equal(2, _service.Calls("/register"));
    }

    [Fact]
    public async Task Forget_JournalThatIsNotTheKnownOne_KeepsTheKnownOne()
    {
        await _reader.FindAsync(null, Cancel);

        _reader.Forget(new Uri("https://journal.example/events/of-before"));
        await _reader.FindAsync(null, Cancel);

        Assert.Equal(1, _service.Calls("/register"));
    }

    [Fact]
    public async Task Find_RegistrationThatStillNamesTheJournal_DoesNotWaitForIt()
    {
        Uri journal = await _reader.FindAsync(null, Cancel);
        _answer = () => Answer(HttpStatusCode.NotFound);

        Assert.Equal(journal, await _reader.FindAsync(journal, Cancel));

        Assert.Equal(2, _service.Calls("/register"));
        Assert.Equal(1, _service.Calls("/events/1"));
    }

    [Fact]
    public async Task Find_ManyMissTheSameJournal_RegistersOnceAndWaitsForTheNewOne()
    {
        Uri gone = new("https://journal.example/events/of-before");

        Uri[] found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _reader.FindAsync(gone, Cancel).AsTask()));

        Assert.All(found, journal => Assert.Equal(FakeService.Journal, journal.AbsoluteUri));
        Assert.Equal(1, _service.Calls("/register"));
        Assert.Equal(1, _service.Calls("/events/1"));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task Find_JournalThatIsNotReady_IsAskedAgainEachSecond(HttpStatusCode status)
    {
        _answer = () => Answer(status);
        Task<Uri> asking = _reader.FindAsync(null, Cancel).AsTask();
        await ProbedAsync(1, TimeSpan.FromSeconds(1));
        _service.Time.Advance(TimeSpan.FromSeconds(1));
        await ProbedAsync(2, TimeSpan.FromSeconds(1));

        _answer = static () => new HttpResponseMessage(HttpStatusCode.OK);
        _service.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(FakeService.Journal, (await asking).AbsoluteUri);
        Assert.Equal(1, _service.Calls("/register"));
    }

    [Fact]
    public async Task Find_ConnectionThatFails_IsTriedAgain()
    {
        _answer = static () => throw new HttpRequestException(HttpRequestError.ConnectionError);
        Task<Uri> asking = _reader.FindAsync(null, Cancel).AsTask();
        await ProbedAsync(1, TimeSpan.FromSeconds(1));

        _answer = static () => new HttpResponseMessage(HttpStatusCode.NoContent);
        _service.Time.Advance(TimeSpan.FromSeconds(1));

        await asking;
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(0, 1)]
    [InlineData(600, 45)]
    public async Task Find_RetryAfter_IsWaitedOutWithinTheTimeThatThereIs(int retryAfter, int expected)
    {
        _answer = () => Answer(HttpStatusCode.ServiceUnavailable, retryAfter);
        Task<Uri> asking = _reader.FindAsync(null, Cancel).AsTask();

        await ProbedAsync(1, TimeSpan.FromSeconds(expected));

        _answer = static () => new HttpResponseMessage(HttpStatusCode.NoContent);
        _service.Time.Advance(TimeSpan.FromSeconds(expected));
        await asking;
    }

    [Fact]
    public async Task Find_JournalThatIsNeverReady_SaysSoAfterItsTime()
    {
        _answer = () => Answer(HttpStatusCode.NotFound);
        Task<Uri> asking = _reader.FindAsync(null, Cancel).AsTask();

        for (int second = 1; second <= 45; second++)
        {
            await ProbedAsync(second, TimeSpan.FromSeconds(1));
            _service.Time.Advance(TimeSpan.FromSeconds(1));
        }

        JournalException failure = await Assert.ThrowsAsync<JournalException>(() => asking.WaitAsync(FakeService.Patience, Cancel));
        Assert.Contains("00:00:45", failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(JournalOptions.ReadinessTimeout), failure.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<AssetComputeException>(failure.InnerException);
        Assert.Equal(46, _service.Calls("/events/1"));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, typeof(AssetComputeAuthenticationException))]
    [InlineData(HttpStatusCode.Forbidden, typeof(AssetComputeNotEntitledException))]
    public async Task Find_RefusedAtTheDoor_EndsAtOnce(HttpStatusCode status, Type expected)
    {
        _answer = () => Answer(status);

        Exception failure = await Assert.ThrowsAnyAsync<AssetComputeException>(async () => await _reader.FindAsync(null, Cancel));

        Assert.IsType(expected, failure);
    }

    [Fact]
    public async Task Find_CallerThatIsCancelled_LeavesItToTheNext()
    {
        _answer = () => Answer(HttpStatusCode.NotFound);
        using CancellationTokenSource cancel = new();
        Task<Uri> first = _reader.FindAsync(null, cancel.Token).AsTask();
        await ProbedAsync(1, TimeSpan.FromSeconds(1));
        Task<Uri> second = _reader.FindAsync(null, Cancel).AsTask();

        _answer = static () => new HttpResponseMessage(HttpStatusCode.NoContent);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(FakeService.Journal, (await second).AbsoluteUri);
        Assert.Equal(2, _service.Calls("/register"));
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, int? retryAfter = null)
    {
        HttpResponseMessage response = new(status) { Content = new StringContent("") };
        response.Headers.RetryAfter = retryAfter is { } seconds ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds)) : null;
        return response;
    }

    /// <summary>Waits until the journal has been called the given number of times, and the next call is due in the given time.</summary>
    private Task ProbedAsync(int times, TimeSpan next) =>
        FakeService.UntilAsync(() => _service.Calls("/events/1") == times && _service.Time.NextTimer == next);
}
