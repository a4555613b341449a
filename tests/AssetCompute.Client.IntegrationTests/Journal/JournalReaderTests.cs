using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Journal;

public class JournalReaderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1:{0}/events?since=x")]
    [InlineData("//127.0.0.1:{0}/events?since=x")]
    [InlineData("https://127.0.0.1:{0}/events?since=x")]
    [InlineData("http://localhost:{0}/events?since=x")]
    public async Task ReadAsync_NextLinkToAnotherPlace_NeverConnectsThere(string link)
    {
        using TcpListener elsewhere = new(IPAddress.Loopback, 0);
        elsewhere.Start();
        string target = string.Format(System.Globalization.CultureInfo.InvariantCulture, link, ((IPEndPoint)elsewhere.LocalEndpoint).Port);
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Client.RegisterAsync(Cancel);
        account.Emulator.Faults.Next(EmulatorOperation.Journal, new EmulatorFault
        {
            Status = 200,
            Headers = new Dictionary<string, string> { ["Link"] = $"<{target}>; rel=\"next\"" },
            Body = """{"events":[{"position":"p","event":{"type":"test"}}],"_page":{"count":1,"last":"p"}}""",
        });
        List<JournalEntry> entries = [];

        JournalException exception = await Assert.ThrowsAsync<JournalException>(async () =>
        {
            // The probe of the registration makes the first read and doesn't follow links.
            await foreach (JournalEntry entry in account.Client.Journal.ReadAsync(options: new JournalReadOptions { Journal = await JournalOfAsync(account) }, cancellationToken: Cancel))
            {
                entries.Add(entry);
            }
        });

        Assert.Single(entries);
        Assert.Contains("another host", exception.Message, StringComparison.Ordinal);
        Assert.False(elsewhere.Pending());
    }

    [Fact]
    public async Task ReadAsync_FromTheBeginningAndFromAPosition_DeliversWhatLiesBehindIt()
    {
        await using EmulatedAccount account = await StartAsync(events: 30);
        JournalReadOptions options = new() { PageSize = 7, StopWhenCaughtUp = true };

        List<JournalEntry> all = await account.Client.Journal.ReadAsync(default, options, Cancel).ToListAsync(Cancel);
        List<JournalEntry> rest = await account.Client.Journal.ReadAsync(all[19].Position, options, Cancel).ToListAsync(Cancel);
        List<JournalEntry> none = await account.Client.Journal.ReadAsync(JournalPosition.Latest, options, Cancel).ToListAsync(Cancel);
        List<JournalEntry> lately = await account.Client.Journal.ReadAsync(JournalPosition.Ago(TimeSpan.FromHours(1)), options, Cancel).ToListAsync(Cancel);

        Assert.Equal(Enumerable.Range(0, 30), all.Select(Index));
        Assert.Equal(Enumerable.Range(20, 10), rest.Select(Index));
        Assert.Empty(none);
        Assert.Equal(30, lately.Count);
    }

    [Fact]
    public async Task ReadAsync_EntriesKeptBeyondTheirPage_StayWhole()
    {
        await using EmulatedAccount account = await StartAsync(events: 2_000);

        List<JournalEntry> entries = await account.Client.Journal.ReadAsync(default, new JournalReadOptions { StopWhenCaughtUp = true }, Cancel).ToListAsync(Cancel);

        Assert.Equal(2_000, entries.Select(entry => entry.Position).Distinct().Count());
        for (int i = 0; i < entries.Count; i++)
        {
            Assert.Equal(i, (int)JsonNode.Parse(entries[i].Raw.Span)!["index"]!);
            Assert.Equal(i, Index(entries[i]));
        }
    }

    [Fact]
    public async Task ReadAsync_ExpiredPosition_ReportsTheGap()
    {
        await using EmulatedAccount account = await StartAsync(events: 10);
        JournalReadOptions options = new() { StopWhenCaughtUp = true, OnExpired = ExpiredPositionPolicy.Oldest };
        List<JournalEntry> all = await account.Client.Journal.ReadAsync(default, options, Cancel).ToListAsync(Cancel);
        account.Emulator.Faults.Journal.ExpireBefore = all[6].Position.Value;
        List<JournalNotice> notices = [];
        options.OnNotice = notices.Add;

        List<JournalEntry> rest = await account.Client.Journal.ReadAsync(all[2].Position, options, Cancel).ToListAsync(Cancel);

        Assert.Equal(all[2].Position, Assert.Single(notices.OfType<JournalGap>()).Expired);
        Assert.Equal(Enumerable.Range(6, 4), rest.Select(Index));
        options.OnExpired = ExpiredPositionPolicy.Throw;
        JournalException exception = await Assert.ThrowsAsync<JournalException>(async () => await account.Client.Journal.ReadAsync(all[2].Position, options, Cancel).ToListAsync(Cancel));
        Assert.Equal(all[2].Position, exception.Position);
    }

    [Fact]
    public async Task ReadAsync_TokenRevokedInBetween_GoesOnWithAnotherOne()
    {
        await using EmulatedAccount account = await StartAsync(events: 10);
        List<JournalNotice> notices = [];
        int read = 0;

        await foreach (JournalEntry _ in account.Client.Journal.ReadAsync(default, new JournalReadOptions { PageSize = 2, StopWhenCaughtUp = true, OnNotice = notices.Add }, Cancel))
        {
            if (++read == 3)
            {
                account.Emulator.RevokeTokens();
            }
        }

        Assert.Equal(10, read);
        Assert.DoesNotContain(notices, notice => notice is JournalRetrying);
    }

    [Theory]
    [InlineData("http://journal.example/events")]
    [InlineData("ftp://127.0.0.1/events")]
    public async Task ReadAsync_JournalThatIsNotSafe_IsRefusedAtOnce(string journal)
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();

        Assert.Throws<ArgumentException>(() => account.Client.Journal.ReadAsync(options: new JournalReadOptions { Journal = new Uri(journal) }, cancellationToken: Cancel));
    }

    private static int Index(JournalEntry entry) => ((UnknownEvent)entry.Event).Json.GetProperty("index").GetInt32();

    private static async Task<Uri> JournalOfAsync(EmulatedAccount account) => (await account.Client.RegisterAsync(Cancel)).Journal;

    private static async Task<EmulatedAccount> StartAsync(int events)
    {
        EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Client.RegisterAsync(Cancel);
        for (int i = 0; i < events; i++)
        {
            account.Emulator.Publish(new JsonObject { ["type"] = "test", ["index"] = i });
        }

        return account;
    }
}
