using System.Net;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>When a reader looks up its journal again.</summary>
public sealed class JournalRelocationTests
{
    private static readonly AssetComputeException s_notFound = new AssetComputeUnavailableException("404") { StatusCode = HttpStatusCode.NotFound };
    private static readonly AssetComputeException s_busy = new AssetComputeUnavailableException("503") { StatusCode = HttpStatusCode.ServiceUnavailable };

    [Fact]
    public void IsDueAfter_OtherFailures_OnlyTheSecond404InARow()
    {
        JournalRelocation relocation = New(maxFailures: 10);

        Assert.Equal(
            [false, false, false, false, true],
            ((Exception[])[s_busy, s_notFound, new IOException(), s_notFound, s_notFound]).Select(relocation.IsDueAfter));
        relocation.Begin();
        Assert.False(relocation.IsDueAfter(s_notFound));
    }

    [Fact]
    public void IsDueAfter_FirstFailureIsTheLast_TheFirst404() => Assert.True(New(maxFailures: 1).IsDueAfter(s_notFound));

    [Fact]
    public async Task IsDueAfter_JournalWasAskedFor_NotAgainInTheSameRead()
    {
        JournalRelocation relocation = New(maxFailures: 10);
        await relocation.FindAsync(new JournalCursor(ScriptedJournal.Url, JournalPosition.Oldest, null), attempts: 2, TestContext.Current.CancellationToken);

        Assert.All(((Exception[])[s_notFound, s_notFound, s_notFound]).Select(relocation.IsDueAfter), Assert.False);
    }

    private static JournalRelocation New(int maxFailures) => new(new JournalFeedSettings
    {
        Journal = ScriptedJournal.Url,
        Start = JournalPosition.Oldest,
        Options = new JournalOptions { MaxConsecutiveFailures = maxFailures },
        FindAnew = static (journal, _) => new(journal),
    });
}
