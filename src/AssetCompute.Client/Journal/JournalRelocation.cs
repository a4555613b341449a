using System.Net;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Finds the account's own journal again when it is not found. The client may have been registered again, so that its events go to another journal.
/// </summary>
internal sealed class JournalRelocation(JournalFeedSettings settings)
{
    private bool _hasAnswered;
    private bool _hasAsked;
    private int _notFound;

    /// <summary>Starts a new read, which resets the failures.</summary>
    public void Begin()
    {
        _hasAsked = false;
        _notFound = 0;
    }

    /// <summary>Notes that the journal answered.</summary>
    public void Answered() => _hasAnswered = true;

    /// <summary>
    /// Notes a failed attempt, and returns whether to look up the journal. It does not do so at the first 404, which may be transient: a lookup registers the
    /// client, and would undo an unregistration. A reading without a consumer ends before the second attempt.
    /// </summary>
    public bool IsDueAfter(Exception failure)
    {
        _notFound = failure is AssetComputeException { StatusCode: HttpStatusCode.NotFound } ? _notFound + 1 : 0;
        return settings.FindAnew is not null && !_hasAsked && _notFound >= Math.Min(2, settings.Options.MaxConsecutiveFailures);
    }

    /// <returns>Another journal, or the same one. With the same one, the read continues to fail.</returns>
    public async ValueTask<Uri> FindAsync(JournalCursor cursor, int attempts, CancellationToken cancellationToken)
    {
        try
        {
            Uri journal = await settings.FindAnew!(cursor.Journal, cancellationToken).ConfigureAwait(false);
            _hasAsked = true;
            return journal;
        }
        catch (JournalException exception)
        {
            throw JournalFailure.NotFoundAnew(cursor.Position, attempts, exception);
        }
    }

    /// <summary>Returns where reading continues in a new journal.</summary>
    /// <exception cref="JournalException">The position of the old journal is lost, and the policy is to throw.</exception>
    public JournalPosition TargetOf(JournalPosition left)
    {
        if (left.Value is null)
        {
            // A reader that still waits for the first event of the old journal misses none of the new journal.
            return _hasAnswered && left == JournalPosition.Latest ? JournalPosition.Oldest : left;
        }

        return settings.OnExpired switch
        {
            ExpiredPositionPolicy.Throw => throw JournalFailure.Moved(left),
            ExpiredPositionPolicy.Latest => JournalPosition.Latest,
            _ => JournalPosition.Oldest,
        };
    }
}
